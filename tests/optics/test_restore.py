"""Laws of restored light, held by a verifier that knows rows and physics, not the engine."""

from collections import Counter
from itertools import combinations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.model.line import LineSystem
from arterial.model.wave import Wave
from arterial.optics.occupancy import occupancy_of
from arterial.optics.reach import segment_reach
from arterial.optics.restore import Restoration, installed_spares, player_of, restored
from arterial.optics.restore_cuts import cuts_of
from arterial.optics.restore_options import Spares
from arterial.optics.restore_rows import restored_rows
from arterial.optics.spectrum_band import grid_band
from arterial.plan.rows import SpareRegenerators
from arterial.prove.restoration import restoration_gates

NARROW = LineSystem(f_min_thz=195.5, f_max_thz=196.1)
"""48 slots: a few waves fill it."""


def played(plan, sections, kinds=("fibre", "srlg"), spares=None):
    player = player_of(plan, sections, spares or installed_spares(plan))
    return restored(player, cuts_of(plan, kinds))


def with_rows(plan, restoration):
    waves, hops = restored_rows(restoration)
    return msgspec.structs.replace(plan, restored_waves=waves, restored_hops=hops)


def margin_of(network, sections):
    number = {fibre.name: m for m, fibre in enumerate(network.fibres)}

    def margin_db(mode, hops):
        rows = segment_reach(network, sections, [2 * number[f] + (not way) for f, way in hops])
        row = next(row for row in rows if row.mode == mode)
        return row.margin_db if row.verdict == "yes" else float("-inf")

    return margin_db


def slots_in_use(plan, case, down):
    """(fibre, pair, quarter gigahertz) that stands or is restored, as often as it is used."""
    cut = {hop.lightpath for hop in plan.lightpath_hops if hop.fibre in down}
    width = {wave.name: wave.slot_ghz for wave in plan.lightpaths}
    back = {row.lightpath: row.slot_ghz for row in plan.restored_waves if row.case == case}
    light = [(hop, width[hop.lightpath]) for hop in plan.lightpath_hops if hop.lightpath not in cut]
    light += [(hop, back[hop.lightpath]) for hop in plan.restored_hops if hop.case == case]
    used = Counter()
    for hop, slot_ghz in light:
        low = round(4 * (hop.centre_ghz - slot_ghz / 2))
        used.update((hop.fibre, hop.pair, q) for q in range(low, low + round(4 * slot_ghz)))
    return used


def down_of(plan, case):
    if case.startswith("srlg "):
        return {f.name for f in plan.network.fibres if case[5:] in f.risks}
    return {name.removeprefix("fibre ") for name in case.split(" + ")}


MESHES = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10**6),
        "sites": st.integers(4, 7),
        "add_drop": st.sampled_from([(None,), ("CD",), ("C", None), ("fixed", "CDC"), ("CD", "C")]),
        "spares": st.sampled_from([(0,), (0, 1), (2,)]),
        "line": st.sampled_from([None, NARROW]),
    }
)


@settings(max_examples=25, deadline=None)
@given(asked=MESHES, waves=st.integers(1, 14))
def test_whatever_comes_back_could(mesh, drawn, lit_plan, asked, waves):
    network = mesh(**asked)
    sections = drawn(network, asked["seed"])
    plan = lit_plan(network, sections, asked["seed"], waves=waves)
    done = with_rows(plan, played(plan, sections, ("fibre", "srlg", "fibre2")))
    ends = {fibre.name: (fibre.a, fibre.z) for fibre in network.fibres}
    by_wave = {}
    for hop in done.restored_hops:
        assert hop.fibre not in down_of(done, hop.case)
        by_wave.setdefault((hop.case, hop.lightpath), []).append(hop)
    for row in done.restored_waves:
        hops = by_wave[row.case, row.lightpath]
        place = next(link for link in plan.ip_links if link.name == _link(plan, row)).a
        for hop in hops:
            start, end = ends[hop.fibre] if hop.forward else ends[hop.fibre][::-1]
            assert start == place
            place = end
        assert place == next(link for link in plan.ip_links if link.name == _link(plan, row)).z
    for case in {row.case for row in done.restored_waves}:
        assert max(slots_in_use(done, case, down_of(done, case)).values()) == 1
    gates = list(restoration_gates(done, margin_of(network, sections)))
    assert [(gate.verdict, gate.note) for gate in gates if gate.verdict != "proved"] == []


def _link(plan, row):
    return next(wave.link for wave in plan.lightpaths if wave.name == row.lightpath)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_every_cut_wave_is_told_once(mesh, drawn, lit_plan, seed):
    network = mesh(seed, line=NARROW)
    sections = drawn(network, seed)
    plan = lit_plan(network, sections, seed, waves=12)
    for case in played(plan, sections).cases:
        told = [back.wave for back in case.played.back] + [w for w, _ in case.played.missing]
        assert sorted(told) == list(case.played.cut)
        assert case.restored_gbps <= case.cut_gbps


@pytest.mark.parametrize("add_drop", ["CDC", "CD"])
def test_restored_light_keeps_off_waves_in_service(mesh, drawn, lit_plan, add_drop):
    crowded = 0
    for seed in range(6):
        network = mesh(seed, line=NARROW, add_drop=(add_drop,))
        sections = drawn(network, seed)
        bare = lit_plan(network, sections, seed, waves=6)
        plan = msgspec.structs.replace(
            bare, network=msgspec.structs.replace(network, waves=tuple(in_service(bare)))
        )
        done = with_rows(plan, played(plan, sections))
        gates = list(restoration_gates(done, margin_of(network, sections)))
        assert [(gate.verdict, gate.note) for gate in gates if gate.verdict != "proved"] == []
        crowded += with_rows(bare, played(bare, sections)).restored_hops != done.restored_hops
    assert crowded


def in_service(plan):
    """A wave in the lowest free slots of each fibre."""
    band, occupancy = grid_band(plan.network.line), occupancy_of(plan)
    for number, fibre in enumerate(plan.network.fibres):
        first = occupancy.first_fit([number], 6)
        if first is not None:
            yield Wave(
                name=f"old {number}",
                a=fibre.a,
                fibres=(fibre.name,),
                pairs=(1,),
                centre_ghz=band.centre_ghz(first, 6),
                slot_ghz=75.0,
            )


def test_waves_alike_that_stay_away_are_stopped_by_the_same(mesh, drawn, lit_plan):
    network = mesh(42, sites=4, spares=(0, 1), line=NARROW)
    sections = drawn(network, 42, worst=0.02)
    plan = lit_plan(network, sections, 42, waves=40)
    done = played(plan, sections)
    pairs = 0
    for case in done.cases:
        why = {}
        for number, stop in case.played.missing:
            why.setdefault(done.standing.waves[number].kind, []).append(stop)
        assert all(len(set(stops)) == 1 for stops in why.values())
        pairs += sum(len(stops) > 1 for stops in why.values())
    assert pairs


def test_the_same_plan_comes_back_the_same(mesh, drawn, lit_plan):
    network = mesh(3, sites=7)
    sections = drawn(network, 3)
    plan = lit_plan(network, sections, 3, waves=14)
    assert restored_rows(played(plan, sections)) == restored_rows(played(plan, sections))


def test_more_spares_bring_back_no_less_over_one_wave(mesh, drawn, lit_plan):
    for seed in range(8):
        network = mesh(seed)
        sections = drawn(network, seed, worst=0.03)
        plan = lit_plan(network, sections, seed, waves=1)
        some = SpareRegenerators(site="2", module="TQD029", regenerators=1)
        bought = msgspec.structs.replace(plan, spares=(some,))
        none, few, all_ = (
            played(plan, sections, spares=Spares({})),
            played(bought, sections),
            played(plan, sections, spares=Spares(None)),
        )
        for one, two, three in zip(none.cases, few.cases, all_.cases, strict=True):
            assert one.restored_gbps <= two.restored_gbps <= three.restored_gbps


@pytest.mark.parametrize("kind", ["fixed", "C"])
def test_a_wave_that_add_drop_ties_to_the_cut_fibre_stays_away(mesh, drawn, lit_plan, kind):
    network = mesh(1, sites=5, add_drop=(kind,))
    sections = drawn(network, 1)
    plan = lit_plan(network, sections, 1, waves=6)
    ends = {wave.name: [] for wave in plan.lightpaths}
    for hop in plan.lightpath_hops:
        ends[hop.lightpath].append(hop.fibre)
    done = with_rows(plan, played(plan, sections))
    for row in done.restored_waves:
        down = down_of(done, row.case)
        assert not down & {ends[row.lightpath][0], ends[row.lightpath][-1]}


def test_doubles_are_every_two_fibres_in_use(mesh, drawn, lit_plan):
    network = mesh(2)
    plan = lit_plan(network, drawn(network, 2), 2)
    used = {hop.fibre for hop in plan.lightpath_hops}
    assert len(cuts_of(plan, ("fibre2",))) == len(list(combinations(used, 2)))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), spares=st.sampled_from([Spares({}), Spares(None)]))
def test_a_case_comes_back_the_same_whatever_was_played_before(mesh, drawn, lit_plan, seed, spares):
    network = mesh(seed, sites=7, line=NARROW)
    sections = drawn(network, seed, worst=0.02)
    plan = lit_plan(network, sections, seed, waves=14)
    cuts = cuts_of(plan, ("fibre", "srlg", "fibre2"))
    forward = restored_rows(restored(player_of(plan, sections, spares), cuts))
    back = restored(player_of(plan, sections, spares), cuts[::-1])
    turned = Restoration(standing=back.standing, cases=back.cases[::-1])
    assert restored_rows(turned) == forward
