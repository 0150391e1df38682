import math

import pytest

from arterial.cli.show import amount, facts, heading, lines, percent, table


def test_a_page_is_plain_text_off_a_terminal(capsys):
    heading("two gates", "refuted")
    facts([("cost", "12"), ("bound", "11")])
    table(("gate", "value>"), [("carried [1]", "0.5"), ("light", "-")])
    lines(["a remark [bold]"])
    said = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert [line for line in said if line] == [
        "refuted  two gates",
        "cost   12",
        "bound  11",
        " gate          value",
        " ───────────────────",
        " carried [1]     0.5",
        " light             -",
        "- a remark [bold]",
    ]


def test_what_nobody_knows_is_a_dash_never_nought():
    assert {amount(math.nan), amount(math.inf), percent(math.nan)} == {"-"}


@pytest.mark.parametrize("count", [1, 10, 30])
def test_no_figure_and_no_name_of_a_column_is_cut_however_many_there_are(capsys, count):
    figures = [f"{place:,}.{place % 10} %" for place in range(1_000, 1_000 + count)]
    names = [f"after {place} years" for place in range(count)]
    table(("link", *(f"{name}>" for name in names)), [("Dallas--Oklahoma_City", *figures)])
    said = capsys.readouterr().out
    assert all(word in said for word in (*figures, *names))
    folded = "".join(line.split(" ")[1] for line in said.splitlines() if line.startswith(" "))
    assert "Dallas--Oklahoma_City" in folded
