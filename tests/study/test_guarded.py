import numpy as np
import pytest

from arterial.errors import ModelError
from arterial.routing.scenarios import uncovered
from arterial.study.guarded import guarded, restored, states
from arterial.study.scene import scene


@pytest.fixture(scope="module")
def drill_scene(drill):
    return scene(drill)


def test_shared_risks_stand_beside_the_fibres_that_are_in_none(drill_scene):
    found = guarded(drill_scene, "srlg")
    assert found.names[:2] == ("river-bridge", "elm-duct")
    assert found.links.any(axis=0).all()
    assert found.links.sum() == len(drill_scene.ip.links)
    assert len(guarded(drill_scene, "fibre").names) == len(drill_scene.ip.links)


def test_longer_fibres_are_down_longer(drill_scene):
    found = guarded(drill_scene, "fibre")
    km = {fibre.name: fibre.length_km for fibre in drill_scene.network.fibres}
    order = np.argsort(found.down)
    assert (np.diff([km[found.names[number]] for number in order]) >= 0.0).all()
    # 302.5 km, 4.39 cuts a year in 1,000 miles, 12 h each, of a year's 8,760.
    share = 4.39 * 302.5 / 1609.344 * 12.0
    assert found.down[0] == pytest.approx(share / (share + 8760.0))


def test_as_many_at_once_are_looked_at_as_cover_the_availability(drill_scene):
    found = guarded(drill_scene, "fibre")
    for beta in (0.9, 0.9999, 0.99999):
        known = states(found, None, beta)
        assert uncovered(known.probability) <= 1.0 - beta
        if known.k > 1:
            fewer = states(found, known.k - 1, beta)
            assert uncovered(fewer.probability) > 1.0 - beta


def test_too_many_states_are_refused_and_not_started(drill):
    large = guarded(scene(drill.parent / "us-ai-backbone"), "fibre")
    with pytest.raises(ModelError, match="127 elements, 3 at once"):
        states(large, 3, 0.9)
    assert states(large, None, 1.0 - 1e-9).k == 2


def test_a_share_restores_only_what_failed(drill_scene):
    found = guarded(drill_scene, "fibre")
    back, note = restored(drill_scene, found.links, "0.25")
    assert set(np.unique(back.share)) == {0.0, 0.25}
    assert (back.share[~found.links] == 0.0).all()
    assert "ASSUMPTION: 0.25" in note
    assert restored(drill_scene, found.links, "0")[1] == ""
