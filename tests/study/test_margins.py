import math

import pytest

from arterial.jobs.progress import silent
from arterial.model.reader import load_network
from arterial.plan.store import read_plan
from arterial.study.margins import segment_margins


def test_margins_of_unregenerated_waves_are_those_of_the_plan(designed):
    plan = read_plan(designed[0])
    margin_db = segment_margins(plan.network, silent)
    plain = [wave for wave in plan.lightpaths if not wave.regenerators]
    assert plain
    for wave in plain:
        hops = tuple(
            (hop.fibre, hop.forward) for hop in plan.lightpath_hops if hop.lightpath == wave.name
        )
        assert margin_db(wave.mode, hops) == pytest.approx(wave.margin_db, abs=1e-6)


def test_a_fibre_without_length_has_no_margin(changed_drill):
    folder = changed_drill("fibres.csv", "Alder-Birch,Alder,Birch,302.5", "x,Alder,Birch,")
    network = load_network(folder)
    margin_db = segment_margins(network, silent)
    assert all(math.isnan(margin_db(mode.name, (("x", True),))) for mode in network.modes)
