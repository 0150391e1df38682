import shutil
from pathlib import Path

import pytest

from arterial.design.horizon import horizon_of, loads_asked
from arterial.design.horizon_solve import solver
from arterial.design.horizon_ways import whole
from arterial.design.outlook import outlook
from arterial.model.reader import load_network
from arterial.study import evolve
from arterial.study.chains import chains_of
from arterial.study.design import Question, design
from arterial.study.stopwatch import Stopwatch

DRILL = Path(__file__).parents[2] / "networks" / "drill"


@pytest.fixture(scope="session")
def drill():
    return DRILL


@pytest.fixture(scope="session")
def designed(drill, tmp_path_factory):
    """A plan of the drill network, made once; tests that write take ``plan_folder``."""
    folder = tmp_path_factory.mktemp("designed") / "plan"
    return folder, design(drill, folder, Question(gap=0.1))


@pytest.fixture
def plan_folder(designed, tmp_path):
    return Path(shutil.copytree(designed[0], tmp_path / "plan"))


@pytest.fixture
def changed_drill(drill, tmp_path):
    """The drill network with one text in one file replaced by another."""

    def changed(file, old, new):
        folder = tmp_path / "network"
        if not folder.exists():
            shutil.copytree(drill, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return changed


@pytest.fixture(scope="session")
def horizon(drill):
    """All phases of the drill as one problem."""
    seen = outlook(load_network(drill))
    return horizon_of(seen, loads_asked(seen))


@pytest.fixture(scope="session")
def quick_chains():
    """One chain year by year; two that build ahead, to its own end and as the horizon does."""
    return evolve.Question(plan_gap=0.1, leads=2)


@pytest.fixture(scope="session")
def bought(horizon):
    """What the whole horizon of the drill buys."""
    return whole(horizon, solver(gap=0.1, rounds=30, seed=0))


@pytest.fixture(scope="session")
def chains(horizon, bought, quick_chains, tmp_path_factory):
    """All three of the drill, made once, and their folder."""
    folder = tmp_path_factory.mktemp("chains")
    return folder, chains_of(horizon, (bought,), folder, quick_chains, Stopwatch())
