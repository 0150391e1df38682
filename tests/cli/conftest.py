import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from arterial.study.design import Question, design

DRILL = Path(__file__).parents[2] / "networks" / "drill"


@pytest.fixture(scope="session")
def drill():
    return DRILL


@pytest.fixture(scope="session")
def designed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("designed") / "plan"
    design(DRILL, folder, Question(gap=0.1))
    return folder


@pytest.fixture
def plan_folder(designed, tmp_path):
    return Path(shutil.copytree(designed, tmp_path / "plan"))


@pytest.fixture
def arterial(tmp_path):
    """Runs the command line in a process of its own, as a user does, in an empty folder."""

    def run(*arguments, **environment):
        return subprocess.run(
            [sys.executable, "-c", "import sys; from arterial.cli import main; sys.exit(main())"]
            + [str(argument) for argument in arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd=tmp_path,
            env={**os.environ, **environment},
        )

    return run


@pytest.fixture
def changed_drill(tmp_path):
    """The drill network with one text in one file replaced by another."""

    def changed(file, old, new):
        folder = tmp_path / "network"
        if not folder.exists():
            shutil.copytree(DRILL, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return changed
