"""Mutation canaries of restored light: whatever is broken in it, its gate turns, and no other."""

import msgspec
import pytest

from arterial.jobs.progress import silent
from arterial.plan.rows import RestoredHop
from arterial.plan.store import read_plan
from arterial.prove.proof import prove
from arterial.study.margins import segment_margins

replace = msgspec.structs.replace
GATE = "light: restoration"


def changed_wave(plan, row, **fields):
    rows = (replace(one, **fields) if one == row else one for one in plan.restored_waves)
    return replace(plan, restored_waves=tuple(rows))


def restored_over_the_cut_fibre(plan):
    """A wave back on its own route, as if nothing had been cut."""
    row = plan.restored_waves[0]
    own = [hop for hop in plan.lightpath_hops if hop.lightpath == row.lightpath]
    others = [h for h in plan.restored_hops if (h.case, h.lightpath) != (row.case, row.lightpath)]
    back = (
        RestoredHop(case=row.case, **{name: getattr(hop, name) for name in hop.__struct_fields__})
        for hop in own
    )
    return replace(plan, restored_hops=(*others, *back))


def restored_on_a_taken_slot(plan):
    """A wave back on the frequency of one that stands on its way."""
    for row in plan.restored_waves:
        own = [h for h in plan.restored_hops if (h.case, h.lightpath) == (row.case, row.lightpath)]
        ridden = {(hop.fibre, hop.pair) for hop in own}
        cut = row.case.removeprefix("fibre ")
        gone = {hop.lightpath for hop in plan.lightpath_hops if hop.fibre == cut}
        for hop in plan.lightpath_hops:
            if (hop.fibre, hop.pair) in ridden and hop.lightpath not in gone:
                moved = tuple(
                    replace(h, centre_ghz=hop.centre_ghz) if h in own else h
                    for h in plan.restored_hops
                )
                return replace(plan, restored_hops=moved)
    raise AssertionError("no restored wave rides beside another")


def a_spare_that_is_not_there(plan):
    """A wave back with a regenerator more, at a site that it passes."""
    ends = {fibre.name: (fibre.a, fibre.z) for fibre in plan.network.fibres}
    row = next(
        row
        for row in plan.restored_waves
        if not row.regenerators
        and sum((h.case, h.lightpath) == (row.case, row.lightpath) for h in plan.restored_hops) > 1
    )
    first = next(
        h for h in plan.restored_hops if (h.case, h.lightpath) == (row.case, row.lightpath)
    )
    site = ends[first.fibre][1 if first.forward else 0]
    return changed_wave(plan, row, regenerators=(site,))


def restored_beyond_reach(plan):
    """Waves back in the fastest mode of their module, wherever they go."""
    modes = {mode.name: mode for mode in plan.network.modes}
    waves = {wave.name: wave for wave in plan.lightpaths}
    slow = next(
        row
        for row in plan.restored_waves
        if row.rate_gbps < waves[row.lightpath].rate_gbps and not row.regenerators
    )
    fast = modes[waves[slow.lightpath].mode]
    fields = {"mode": fast.name, "rate_gbps": fast.rate_gbps, "slot_ghz": fast.slot_ghz}
    return changed_wave(plan, slow, **fields)


@pytest.fixture(scope="module")
def plan(sparse_plan):
    return read_plan(sparse_plan)


@pytest.fixture(scope="module")
def verdicts(plan):
    margin_db = segment_margins(plan.network, silent)

    def asked(broken):
        return {gate.name: gate.verdict for gate in prove(broken, margin_db=margin_db).gates}

    return asked


@pytest.mark.parametrize(
    "broken",
    [
        restored_over_the_cut_fibre,
        restored_on_a_taken_slot,
        restored_beyond_reach,
        a_spare_that_is_not_there,
    ],
)
def test_broken_restoration_turns_its_gate_alone(plan, verdicts, broken):
    before = verdicts(plan)
    assert before[GATE] == "proved"
    assert verdicts(broken(plan)) == {**before, GATE: "refuted"}
