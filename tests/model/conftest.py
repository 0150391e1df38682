import shutil
from pathlib import Path

import pytest

from arterial.errors import ModelError
from arterial.model.reader import load_network

NETWORKS = Path(__file__).parents[2] / "networks"


class Folder:
    """A copy of the drill network that a test may spoil."""

    def __init__(self, path):
        self.path = path

    def replace(self, file, old, new):
        """Put ``new`` where ``old`` stood, once; returns the line."""
        text = (self.path / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (self.path / file).write_text(text.replace(old, new), encoding="utf-8")
        return text.count("\n", 0, text.index(old)) + 1

    def append(self, file, text):
        with (self.path / file).open("a", encoding="utf-8") as stream:
            stream.write(text)

    def line(self, file, part):
        """Number of the only line of a file that holds ``part``."""
        lines = (self.path / file).read_text(encoding="utf-8").splitlines()
        (number,) = [number for number, line in enumerate(lines, 1) if part in line]
        return number

    def load(self):
        return load_network(self.path)

    def problems(self):
        with pytest.raises(ModelError) as caught:
            load_network(self.path)
        return caught.value.problems

    def told(self):
        return [str(problem) for problem in self.problems()]


@pytest.fixture
def drill(tmp_path):
    return Folder(Path(shutil.copytree(NETWORKS / "drill", tmp_path / "drill")))
