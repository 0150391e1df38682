"""A bare network becomes one that can be designed; whatever is added says that it is assumed."""

import pytest
from msgspec import structs

from arterial.errors import ModelError
from arterial.model.reader import load_network
from arterial.study.populate.people import Town
from arterial.study.populate.settle import Choice, settled


@pytest.fixture(scope="module")
def bare(bare_abilene):
    return load_network(bare_abilene)


def test_everything_that_is_added_says_assumption_or_where_it_is_from(bare, towns):
    found = settled(bare, towns, Choice())
    old = {route.name for route in (*bare.sites, *bare.fibres)}
    made = [row for row in (*found.fibres, *found.risks) if row.name not in old]
    assert made
    assert [row.name for row in (*made, *found.markets) if "ASSUMPTION" not in row.source] == []
    assert [campus.name for campus in found.campuses if not campus.source] == []
    assert any("populated by rule" in note for note in found.notes)


def test_markets_and_edges_are_as_many_as_asked_for(bare, towns):
    found = settled(bare, towns, Choice(edges=4, candidates=2, from_people=3e6))
    assert {site.name for site in found.sites if "market" in site.roles} == {
        market.site for market in found.markets
    }
    assert all(market.people >= 3e6 for market in found.markets)
    assert sum("edge" in site.roles for site in found.sites) == 4
    assert [fibre.a for fibre in found.fibres if fibre.length_km is None] == []


def test_a_market_that_nothing_holds_is_left_out_and_named(bare):
    alone = [Town("Far", 47.6, -122.3, 1e6), Town("Near", 40.7, -74.0, 3e6)]
    near = [Town("Beside", 38.9, -77.0, 2e6)]
    found = settled(bare, (*alone, *near), Choice())
    assert {market.name for market in found.markets} == {"Near", "Beside"}
    assert any(note.startswith("left out") and "Far" in note for note in found.notes)


def test_a_network_that_has_people_or_no_lengths_is_refused(bare, towns):
    found = settled(bare, towns, Choice())
    inhabited = structs.replace(bare, sites=found.sites, markets=found.markets)
    with pytest.raises(ModelError, match="has markets already"):
        settled(inhabited, towns, Choice())
    vague = tuple(structs.replace(fibre, length_km=None) for fibre in bare.fibres)
    with pytest.raises(ModelError, match="known length"):
        settled(structs.replace(bare, fibres=vague), towns, Choice())
    with pytest.raises(ModelError, match="no market can be held"):
        settled(bare, (), Choice())
