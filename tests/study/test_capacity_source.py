import pytest

from arterial.errors import ModelError
from arterial.study.capacity_source import Source, task_of


@pytest.fixture
def toy(tmp_path):
    path = tmp_path / "toy.txt"
    path.write_text(
        "?SNDlib native format; type: network; version: 1.0\n"
        "NODES ( A ( 0 0 ) B ( 1 0 ) )\nLINKS ( L1 ( A B ) 0 0 0 0 ( 10 1 ) )\n"
        "DEMANDS ( D1 ( A B ) 1 5 UNLIMITED )\n"
    )
    return path


def test_a_folder_s_links_and_fibres_are_candidates(drill):
    task = task_of(drill, Source(modules=("400:10+0.02/km",)))
    fibres = len((drill / "fibres.csv").read_text().splitlines()) - 1
    assert len(task.links) == len(task.problem.cases.names) - 1 == fibres
    assert task.problem.cases.alive[0].all()
    assert (
        len(task_of(drill, Source(modules=("400:10",), failures="none")).problem.cases.names) == 1
    )


def test_a_file_s_failures_are_its_model_s_unless_told(toy):
    assert len(task_of(toy, Source(model="U-U-M-N-C-A-N-U")).problem.cases.names) == 2
    told = Source(model="U-U-M-N-C-A-N-U", failures="none")
    assert len(task_of(toy, told).problem.cases.names) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "says little without its model"),
        ({"model": "U-U-M-N-C-A-N-N", "modules": ("400:1",)}, "names its own modules"),
        ({"model": "U-U-M-N-C-A-N-N", "keep": True}, "its own demands and capacities"),
        ({"model": "U-U-M-N-C-A-N-N", "failures": "srlg"}, "no set of failures"),
    ],
)
def test_options_that_do_not_fit_a_file_are_refused(toy, options, words):
    with pytest.raises(ModelError, match=words):
        task_of(toy, Source(**options))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "names no module"),
        ({"modules": ("400:1",), "model": "U-U-M-N-C-A-N-N"}, "has no SNDlib model"),
        ({"modules": ("400:1",), "keep": True}, "no links that stand"),
        ({"modules": ("400:1",), "failures": "sharks"}, "neither a kind nor a file"),
    ],
)
def test_options_that_do_not_fit_a_folder_are_refused(drill, options, words):
    with pytest.raises(ModelError, match=words):
        task_of(drill, Source(**options))


def test_what_is_not_there_or_asks_nothing_is_refused(toy, tmp_path):
    with pytest.raises(ModelError, match="no such file or folder"):
        task_of(tmp_path / "nowhere", Source())
    toy.write_text(toy.read_text().replace("1 5 UNLIMITED", "1 0 UNLIMITED"))
    with pytest.raises(ModelError, match="nothing is asked for"):
        task_of(toy, Source(model="U-U-M-N-C-A-N-N"))
