import shutil
from pathlib import Path

import pytest

from arterial.study.design import Question, design

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
