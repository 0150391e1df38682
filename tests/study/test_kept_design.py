"""Who may go on from what a folder keeps, and what is said to the others."""

import pytest

from arterial.cli.app import main
from arterial.errors import DamagedError, InterruptedRunError, ModelError, SolverError
from arterial.jobs.progress import silent
from arterial.study.kept_design import LEDGER, begin_of, kept_design


def kept(folder, key="key", begin="on", report=silent, *, cut=True):
    """Keep a step, unless it is kept already; what stood there before."""
    with kept_design(folder, key, begin, report) as memory:
        before = memory.known("step", int)
        memory.keep("step", 1)
        if cut:
            memory.cut_at("another")
    return before


def test_the_same_question_goes_on_and_ends_with_nothing_kept(tmp_path):
    for begin in ("on", "resumed"):
        folder = tmp_path / begin
        assert kept(folder) is None
        assert kept(folder, begin=begin) == 1
        assert kept(folder, begin=begin, cut=False) == 1
        assert not (folder / LEDGER).exists()


def test_another_question_begins_anew_and_says_so(tmp_path):
    told = []
    kept(tmp_path)
    assert kept(tmp_path, "other", report=lambda stage, *_: told.append(stage)) is None
    assert any("kept for another question" in line for line in told)


def test_another_question_is_refused_where_it_is_to_go_on(tmp_path):
    kept(tmp_path)
    with pytest.raises(DamagedError, match=f"{LEDGER}: .*another question.*leave out --resume"):
        kept(tmp_path, "other", "resumed")
    assert kept(tmp_path) == 1


def test_a_file_that_is_no_ledger_is_refused_and_left_as_it_is(tmp_path):
    (tmp_path / LEDGER).write_text("mine", encoding="utf-8")
    with pytest.raises(DamagedError, match="does not begin as a ledger does"):
        kept(tmp_path, begin="resumed")
    assert (tmp_path / LEDGER).read_text(encoding="utf-8") == "mine"


def test_a_broken_end_is_told_and_made_again(tmp_path):
    told = []
    kept(tmp_path)
    content = (tmp_path / LEDGER).read_bytes()
    (tmp_path / LEDGER).write_bytes(content[:-1])
    assert kept(tmp_path, begin="resumed", report=lambda stage, *_: told.append(stage)) is None
    assert any("bytes are no whole record" in line for line in told)


def test_anew_forgets(tmp_path):
    kept(tmp_path)
    assert kept(tmp_path, begin="anew") is None


def test_an_error_before_any_step_leaves_no_folder(tmp_path):
    folder = tmp_path / "plan"
    with pytest.raises(SolverError), kept_design(folder, "key", "on", silent):
        raise SolverError("HiGHS", "none")
    assert not folder.exists()


def test_who_stops_it_is_told_where_it_goes_on(tmp_path):
    folder = tmp_path / "plan"

    def stopped():
        with kept_design(folder, "key", "on", silent) as memory:
            memory.keep("step", 1)
            raise KeyboardInterrupt

    with pytest.raises(InterruptedRunError, match=f"stand in {folder}"):
        stopped()
    assert kept(folder) == 1


def test_to_go_on_and_to_forget_is_refused(drill, tmp_path, capsys):
    with pytest.raises(ModelError, match="--fresh"):
        begin_of(fresh=True, resume=True)
    asked = ["design", str(drill), "-o", str(tmp_path / "plan"), "--resume", "--fresh"]
    assert main(asked) == 2
    assert "Give one of them" in capsys.readouterr().err
