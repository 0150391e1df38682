from pathlib import Path

import pytest

from arterial.study.imports import import_graphml
from arterial.study.populate.people import read_people

ABILENE = Path(__file__).parents[2] / "data" / "topology-zoo" / "Abilene.graphml"


@pytest.fixture(scope="session")
def bare_abilene(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bare") / "abilene"
    import_graphml(ABILENE, folder)
    return folder


@pytest.fixture(scope="session")
def towns():
    return read_people()
