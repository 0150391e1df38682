import math

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
