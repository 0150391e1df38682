"""Laws of an upgrade on the drill network: capacity, order, pieces, bound."""

import itertools

import msgspec
import pytest

from arterial.design.exchange import Question, choose, gain_gbps
from arterial.design.meanwhile import Meanwhile
from arterial.design.order import worked
from arterial.design.renewed import renewed
from arterial.design.standing import standing
from arterial.design.stock import Stock
from arterial.design.upgrade import Ask, upgrade
from arterial.design.ways import Terms, actions_of, ways_of
from arterial.design.works import Works
from arterial.optics.occupancy import occupancy_of
from arterial.optics.sections import load_sections
from arterial.plan.store import read_plan
from arterial.prove.light import spectrum_conflicts

G800 = "800G PCS ASSUMPTION"
ASKS = (
    Ask(a="Fir", z="Larch", target_gbps=800.0, in_place=True),
    Ask(a="Fir", z="Larch", target_gbps=2000.0),
    Ask(a="Hazel", z="Juniper", target_gbps=2400.0),
    Ask(a="Alder", z="Birch", target_gbps=400.0, in_place=True),
    Ask(a="Alder", z="Birch", target_gbps=700.0),
    Ask(a="Fir", z="Gorse", target_gbps=1200.0, regenerators=True),
    Ask(a="Gorse", z="Fir", target_gbps=1600.0, mode=G800, regenerators=True),
)


@pytest.fixture(scope="module")
def plan(sparse_plan):
    return read_plan(sparse_plan)


@pytest.fixture(scope="module")
def sections(plan):
    return load_sections(plan.network)


@pytest.fixture(scope="module", params=ASKS, ids=str)
def done(request, plan, sections):
    return request.param, upgrade(plan, sections, request.param)


def with_sites(plan, names, **changes):
    replace = msgspec.structs.replace
    sites = tuple(
        replace(site, **changes) if site.name in names else site for site in plan.network.sites
    )
    return replace(plan, network=replace(plan.network, sites=sites))


def shifted(plan, link, ghz):
    """A plan of which one link's waves lie elsewhere in the band."""
    names = {row.name for row in plan.lightpaths if row.link == link}
    replace = msgspec.structs.replace
    hops = tuple(
        replace(hop, centre_ghz=hop.centre_ghz + ghz) if hop.lightpath in names else hop
        for hop in plan.lightpath_hops
    )
    return replace(plan, lightpath_hops=hops)


def loads(plan):
    """By link: primary tunnels in the fuller direction."""
    rate = {row.name: 0.0 if row.protects else row.rate_gbps for row in plan.tunnels}
    found = {}
    for hop in plan.tunnel_hops:
        key = (hop.link, hop.forward)
        found[key] = found.get(key, 0.0) + rate[hop.tunnel]
    return {
        row.name: max(found.get((row.name, way), 0.0) for way in (True, False))
        for row in plan.ip_links
    }


def walked(plan, steps):
    """Play the steps by their words alone: (step, capacity that carries meanwhile)."""
    rates = {mode.name: mode.rate_gbps for mode in plan.network.modes}
    gbps = {row.name: row.capacity_gbps for row in plan.ip_links}
    for step in steps:
        out, come = (rates.get(words.split(" at ")[0], 0.0) for words in (step.before, step.after))
        gbps[step.link] = gbps.get(step.link, 0.0) - out
        yield step, gbps[step.link]
        gbps[step.link] += come
    yield None, gbps


def test_the_target_is_reached_and_every_wave_is_as_fast_as_it_was(plan, done):
    ask, found = done
    assert found.verdict == "yes"
    ends = {ask.a, ask.z}
    after = [row for row in found.plan.ip_links if {row.a, row.z} == ends]
    assert sum(row.capacity_gbps for row in after) >= ask.target_gbps
    for old in plan.ip_links:
        new = next(row for row in found.plan.ip_links if row.name == old.name)
        assert new.capacity_gbps >= old.capacity_gbps
        assert new.waves >= old.waves


def test_no_step_takes_more_than_the_load_leaves(plan, done):
    _, found = done
    load, usable = loads(plan), plan.network.policy.usable(failed=False)
    *steps, (_, after) = walked(plan, found.steps)
    assert steps
    for number, (step, gbps) in enumerate(steps, 1):
        assert step.number == number
        assert step.holds
        assert step.capacity_gbps == gbps
        assert step.load_gbps == pytest.approx(load.get(step.link, 0.0))
        assert gbps * usable >= load.get(step.link, 0.0) - 1e-6
    assert after == {row.name: row.capacity_gbps for row in found.plan.ip_links}


def test_pieces_are_neither_lost_nor_counted_twice(plan, done):
    _, found = done
    for row in found.exchanged:
        assert row.before + row.bought == row.after + row.freed - row.reused
        assert 0 <= row.reused <= row.freed
        assert min(row.bought, row.after) >= 0
    module = {mode.name: mode.module for mode in plan.network.modes}
    for when, whole in (("before", plan), ("after", found.plan)):
        ends = {row.name: (row.a, row.z) for row in whole.ip_links}
        stand = {}
        for wave in whole.lightpaths:
            for site in (*ends[wave.link], *wave.regenerators, *wave.regenerators):
                key = (site, module[wave.mode])
                stand[key] = stand.get(key, 0) + 1
        for row in found.exchanged:
            if row.item == "pluggable":
                assert getattr(row, when) == stand.get((row.where, row.kind), 0)


def test_light_keeps_apart_and_what_is_not_touched_stays(plan, done):
    ask, found = done
    assert list(spectrum_conflicts(found.plan)) == []
    own = {row.name for row in found.plan.ip_links if {row.a, row.z} == {ask.a, ask.z}}
    for table in ("lightpaths", "ip_links"):
        key = "link" if table == "lightpaths" else "name"
        old, new = (
            {row.name: row for row in getattr(whole, table) if getattr(row, key) not in own}
            for whole in (plan, found.plan)
        )
        assert old == new
    assert found.plan.demands == plan.demands
    assert found.plan.tunnel_hops == plan.tunnel_hops
    assert {row.lightpath for row in found.plan.restored_waves} <= {
        row.name for row in found.plan.lightpaths
    }
    assert found.plan.spares == plan.spares


def test_the_bound_holds_and_the_plan_costs_what_its_bill_says(done):
    _, found = done
    assert found.bound <= found.cost + 1e-9
    assert 0.0 <= found.gap <= 1.0
    assert found.plan.bound <= found.plan.cost + 1e-9
    assert found.plan.cost == pytest.approx(sum(row.cost for row in found.plan.bill))
    assert found.plan.bound_scope == "restricted"


@pytest.mark.parametrize("target", [400.0, 700.0])
def test_no_choice_of_few_waves_beats_the_one_made(plan, sections, target):
    """Brute force over up to two waves of each action on the standing link."""
    ask = Ask(a="Alder", z="Birch", target_gbps=target)
    base, terms = standing(plan, ask.a, ask.z), Terms()
    ways = ways_of(base, sections, terms)[:1]
    more = target - base.capacity_gbps
    named = ("OpenZR+ 300", "OpenZR+ 400", "400 ULH QPSK", G800)
    actions = [a for a in actions_of(base, ways, terms, more) if a.option.mode in named]
    question = Question(base, ways, actions, occupancy_of(plan), Stock(plan), more)
    bound = choose(question).bound
    cost = []
    for counts in itertools.product(*(range(min(a.most, 2) + 1) for a in actions)):
        exchanged = sum(n for n, a in zip(counts, actions, strict=True) if not a.new)
        gain = sum(n * gain_gbps(base, a) for n, a in zip(counts, actions, strict=True))
        if gain < more or exchanged > 1 or sum(counts) > 3:
            continue
        works = worked(Works(base, ways, Stock(plan), Meanwhile(plan)), actions, counts)
        watts = [
            sum(row.cost for row in whole.bill if row.item == "power")
            for whole in (renewed(base, works, sections), plan)
        ]
        cost.append(sum(row.cost for row in works.stock.rows()) + watts[0] - watts[1])
    assert bound <= min(cost) + 1e-9
    assert upgrade(plan, sections, ask).cost <= min(cost) + 1e-9


def test_one_module_is_set_to_another_mode_and_nothing_is_bought(plan, sections):
    ask = Ask(a="Alder", z="Birch", target_gbps=200.0, mode="OpenZR+ 100")
    two = upgrade(plan, sections, ask).plan
    faster = upgrade(two, sections, Ask(a="Alder", z="Birch", target_gbps=400.0, in_place=True))
    assert [step.what for step in faster.steps] == ["set"]
    assert faster.exchanged == ()


def test_a_fixed_add_drop_keeps_its_frequency_and_lends_a_wave_meanwhile(plan, sections):
    ask = Ask(a="Fir", z="Larch", target_gbps=800.0, mode=G800, in_place=True)
    fixed = with_sites(plan, {"Fir"}, add_drop="fixed")
    refused = upgrade(fixed, sections, ask)
    assert refused.verdict == "no"
    assert "its add/drop is fixed" in refused.notes[0]
    found = upgrade(shifted(fixed, "Fir--Larch", 1500.0), sections, ask)
    assert [step.what for step in found.steps] == ["light for a while", "replace", "take down"]
    assert all(step.holds for step in found.steps)
    before = {h.centre_ghz for h in plan.lightpath_hops if h.lightpath == "Fir--Larch w1"}
    after = {h.centre_ghz for h in found.plan.lightpath_hops if h.lightpath == "Fir--Larch w1"}
    assert after == {centre + 1500.0 for centre in before}


def test_a_mode_that_does_not_get_there_is_refused_with_what_it_misses(plan, sections):
    ask = Ask(a="Fir", z="Hazel", target_gbps=800.0, mode=G800, in_place=True)
    found = upgrade(plan, sections, ask)
    assert (found.verdict, found.steps, found.plan) == ("no", (), plan)
    row = next(row for row in found.ways[0].modes if row.mode == G800)
    assert row.verdict == "no"
    assert row.short_db == pytest.approx(plan.network.margins.total_db - row.margin_db)
    assert row.short_db > 0
    assert row.dearest_fibre in {hop.fibre for hop in plan.lightpath_hops}
    assert found.ways[0].chains[G800] != ()


def test_modes_of_which_figures_are_missing_leave_it_open(plan, sections):
    ask = Ask(a="Fir", z="Larch", target_gbps=1600.0, mode="800 ZR+")
    assert upgrade(plan, sections, ask).verdict == "unknown"


def test_what_stands_already_needs_nothing(plan, sections):
    found = upgrade(plan, sections, Ask(a="Fir", z="Larch", target_gbps=100.0))
    assert (found.verdict, found.steps, found.cost) == ("yes", (), 0.0)
    assert found.plan == plan


def test_a_target_beyond_all_fibre_is_refused(plan, sections):
    found = upgrade(plan, sections, Ask(a="Fir", z="Larch", target_gbps=1e7))
    assert found.verdict == "no"


def test_the_same_question_has_the_same_answer(plan, sections):
    assert upgrade(plan, sections, ASKS[1]).plan == upgrade(plan, sections, ASKS[1]).plan
