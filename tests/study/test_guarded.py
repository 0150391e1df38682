from itertools import combinations

import numpy as np
import pytest

from arterial.errors import ModelError
from arterial.routing.scenarios import uncovered
from arterial.study.cases import PUBLISHED, asked_rates
from arterial.study.guarded import guarded, restored, states
from arterial.study.scene import scene


@pytest.fixture(scope="module")
def drill_scene(drill):
    return scene(drill)


@pytest.fixture(scope="module")
def reference_scene(drill):
    return scene(drill.parent / "us-ai-backbone")


@pytest.fixture
def file(tmp_path):
    """Writes a file beside the test."""

    def write(text):
        path = tmp_path / "written"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def rates(seen, found, asked=PUBLISHED):
    return asked_rates(seen, found.cases, asked)


def test_kinds_are_cases_of_links_that_fall(drill_scene):
    found = guarded(drill_scene, "fibre,srlg")
    assert found.names[0] == f"fibre {drill_scene.ip.links[0]}"
    assert found.names[-2:] == ("srlg river-bridge", "srlg elm-duct")
    fibres = len(drill_scene.ip.links)
    assert found.links[:fibres].sum() == fibres
    assert (found.links[fibres:].sum(axis=1) > 1).all()


def test_what_takes_a_part_of_a_link_is_refused(drill_scene, file):
    with pytest.raises(ModelError, match=r"\(and \d+ more\) takes a part"):
        guarded(drill_scene, "router")
    with pytest.raises(ModelError, match=r"'router Fir/1' takes a part of its links' capacity\."):
        guarded(drill_scene, file("Fir/1\nsite Fir\n"))
    whole = guarded(drill_scene, file("Fir/1, Fir/2\nsite Fir\n"))
    assert whole.links[0].tolist() == whole.links[1].tolist()
    assert whole.links[0].any()


def test_states_are_the_products_of_what_is_down_and_what_is_not(drill_scene, file):
    table = "element,failures_per_year,repair_h\nHazel-Juniper,20,48\nFir/1,1,8\nCedar-Fir,5,96\n"
    found = guarded(drill_scene, "fibre")
    told = states(found, rates(drill_scene, found, file(table)), 2, 0.9)
    share = {
        name: often * hours / (often * hours + 8760.0)
        for name, often, hours in (("Cedar-Fir", 5, 96), ("Hazel-Juniper", 20, 48))
    }
    router_up = 8760.0 / 8768.0
    place = {name: link for link, name in enumerate(drill_scene.ip.links)}
    expected = {}
    for many in range(3):
        for down in combinations(share, many):
            odds = [share[name] if name in down else 1.0 - share[name] for name in share]
            expected[frozenset(place[name] for name in down)] = np.prod(odds) * router_up
    found = {
        frozenset(np.flatnonzero(row).tolist()): odds
        for row, odds in zip(told.down, told.probability.tolist(), strict=True)
    }
    assert found == pytest.approx(expected)
    assert uncovered(told.probability) == pytest.approx(1.0 - router_up)


def test_cases_of_a_file_are_states_beside_the_one_without_failure(drill_scene, file):
    found = guarded(drill_scene, file("Cedar-Fir, Hazel-Juniper\nCedar-Fir\nsite Fir\n"))
    told = states(found, rates(drill_scene, found), None, 0.9)
    # The site has no rate: it never fails by itself.
    assert (told.k, told.down.sum(axis=1).tolist()) == (0, [0, 2, 1])
    assert told.probability.argmax() == 0


def test_without_any_rate_there_are_no_states(drill_scene):
    found = guarded(drill_scene, "srlg")
    with pytest.raises(ModelError, match="Give rates for what fails"):
        states(found, rates(drill_scene, found), 1, 0.9)


def test_as_many_at_once_are_looked_at_as_cover_the_availability(drill_scene):
    found = guarded(drill_scene, "fibre")
    often = rates(drill_scene, found)
    for beta in (0.9, 0.9999, 0.99999):
        known = states(found, often, None, beta)
        assert uncovered(known.probability) <= 1.0 - beta
        if known.k > 1:
            fewer = states(found, often, known.k - 1, beta)
            assert uncovered(fewer.probability) > 1.0 - beta


def test_too_many_states_or_cases_are_refused_and_not_started(reference_scene):
    large = guarded(reference_scene, "fibre")
    often = rates(reference_scene, large)
    with pytest.raises(ModelError, match="127 elements, 3 at once"):
        states(large, often, 3, 0.9)
    assert states(large, often, None, 1.0 - 1e-9).k == 2
    with pytest.raises(ModelError, match="cases are too many"):
        guarded(reference_scene, "maintenance")


def test_a_share_restores_only_what_failed(drill_scene):
    found = guarded(drill_scene, "fibre")
    back, note = restored(drill_scene, found, "0.25")
    assert set(np.unique(back.share)) == {0.0, 0.25}
    assert (back.share[~found.links] == 0.0).all()
    assert "ASSUMPTION: 0.25" in note
    assert restored(drill_scene, found, "0")[1] == ""
