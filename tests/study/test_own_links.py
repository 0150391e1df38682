import pytest

from arterial.errors import ModelError
from arterial.model.reader import load_network
from arterial.study.own_links import own_links


@pytest.fixture(scope="module")
def network(drill):
    return load_network(drill)


def written(tmp_path, text):
    file = tmp_path / "links.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_each_pair_stands_once_whichever_way_it_is_told(network, tmp_path):
    file = written(tmp_path, "a,z,note\nFir,Elm,x\nElm,Fir,y\nAlder,Elm,\n")
    assert own_links(file, network) == (("Elm", "Fir"), ("Alder", "Elm"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no link"),
        ("from,to\nFir,Elm\n", "no columns a and z"),
        ("a,z\nFirr,Elm\n", "did you mean 'Fir'"),
        ("a,z\nFir,Fir\n", "ends where it begins"),
    ],
)
def test_a_wrong_table_is_told(network, tmp_path, text, words):
    with pytest.raises(ModelError, match=f"(?i){words}"):
        own_links(written(tmp_path, text), network)


def test_a_table_that_is_not_there_is_told(network, tmp_path):
    with pytest.raises(ModelError, match="columns a and z"):
        own_links(tmp_path / "none.csv", network)
