"""From a bare folder to a plan that is proved."""

from arterial.model.reader import load_network
from arterial.study.check import check
from arterial.study.design import Question, design
from arterial.study.populate.answer import Choice, populate
from arterial.study.prove import prove

FEW = Choice(from_people=4e6, edges=6, candidates=2)


def test_a_zoo_network_is_populated_designed_and_proved(bare_abilene, tmp_path):
    done = populate(bare_abilene, tmp_path / "net", choice=FEW)
    network = load_network(tmp_path / "net")
    assert (done.sites, done.markets) == (len(network.sites), len(network.markets))
    assert done.loads == ("draft", "stress")
    assert check(tmp_path / "net").name == network.name
    design(tmp_path / "net", tmp_path / "plan", Question(rounds=1))
    assert prove(tmp_path / "plan").verdict == "proved"


def test_the_same_network_gives_the_same_bytes(bare_abilene, tmp_path):
    for name in ("one", "two"):
        populate(bare_abilene, tmp_path / name)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_a_table_of_the_user_takes_the_place_of_ours(bare_abilene, tmp_path):
    table = tmp_path / "people.csv"
    table.write_text("name,lat,lon,people\nX,40.7,-74,3000000\nY,38.9,-77,900000\n")
    done = populate(bare_abilene, tmp_path / "net", people=table)
    assert (done.markets, done.people) == (2, 3_900_000.0)
