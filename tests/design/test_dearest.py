"""Which fibre a lightpath says costs it most."""

import math

import msgspec
import pytest

from arterial.design.dearest import with_dearest
from arterial.errors import DamagedError
from arterial.optics.gsnr import gsnr_db
from arterial.optics.mode_table import mode_table
from arterial.optics.sections import load_sections
from arterial.plan.store import read_plan
from arterial.prove.integrity import check_integrity
from arterial.prove.tables import compile_tables


@pytest.fixture(scope="module")
def plan(drill_plan):
    return read_plan(drill_plan)


def segments(plan, row):
    """Directed sections of each transparent segment, in both directions."""
    number = {fibre.name: place for place, fibre in enumerate(plan.network.fibres)}
    found, last = [[]], None
    for hop in sorted((h for h in plan.lightpath_hops if h.lightpath == row.name), key=hop_number):
        fibre = plan.network.fibres[number[hop.fibre]]
        if last in row.regenerators:
            found.append([])
        found[-1].append(2 * number[hop.fibre] + (not hop.forward))
        last = fibre.z if hop.forward else fibre.a
    return found + [[section ^ 1 for section in reversed(one)] for one in found]


def hop_number(hop):
    return hop.hop


def test_every_designed_wave_names_the_noisiest_fibre_of_its_worst_segment(plan):
    sections = load_sections(plan.network)
    table = mode_table(plan.network, sections)
    for row in plan.lightpaths:
        mode = [m.name for m in table.modes].index(row.mode)
        noise = sections.log_noise[int(table.comb[mode])]

        def quality(one, noise=noise, mode=mode):
            gsnr = gsnr_db(
                noise[one].sum(axis=0).max(),
                table.baud_gbd[mode],
                add_drop_osnr_db=plan.network.line.add_drop_osnr_db,
                tx_osnr_db=table.tx_osnr_db[mode],
            )
            return float(gsnr) - table.filter_db[mode] * (len(one) - 1)

        worst = min(segments(plan, row), key=quality)
        parts = noise[worst][:, noise[worst].sum(axis=0).argmax()]
        best = worst[int(parts.argmax())] // 2
        assert row.dearest_fibre == plan.network.fibres[best].name
        assert row.dearest_share == pytest.approx(parts.max() / parts.sum())
        assert 1 / len(worst) - 1e-9 <= row.dearest_share <= 1.0


def test_light_that_is_unknown_names_none(plan):
    fibres = tuple(msgspec.structs.replace(f, length_km=None) for f in plan.network.fibres)
    dark = msgspec.structs.replace(plan.network, fibres=fibres)
    rows = with_dearest(dark, load_sections(dark), plan.lightpaths, plan.lightpath_hops)
    assert {row.dearest_fibre for row in rows} == {""}
    assert all(math.isnan(row.dearest_share) for row in rows)


@pytest.mark.parametrize("named", ["another", "none that there is"])
def test_a_fibre_that_the_wave_does_not_ride_is_a_fault(plan, named):
    first, *rest = plan.lightpaths
    ridden = {hop.fibre for hop in plan.lightpath_hops if hop.lightpath == first.name}
    if named == "another":
        named = next(f.name for f in plan.network.fibres if f.name not in ridden)
    lied = msgspec.structs.replace(first, dearest_fibre=named)
    broken = msgspec.structs.replace(plan, lightpaths=(lied, *rest))
    if named.startswith("none"):
        with pytest.raises(DamagedError, match=f"no fibre is called '{named}'"):
            check_integrity(broken)
    else:
        (fault,) = compile_tables(broken).faults
        assert fault.startswith(f"lightpath '{first.name}' does not ride '{named}'")
