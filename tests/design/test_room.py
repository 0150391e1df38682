import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from arterial.design.bound import bound
from arterial.design.room import room_of
from arterial.design.search import search, stuck
from arterial.model.fibre import Fibre
from arterial.model.line import LineSystem, Reserved
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.model.subsea import SubseaSystem
from arterial.model.wave import Wave

SEEDS = st.integers(0, 2**32 - 1)


def crowded(network, random, **line):
    """The same network with waves in service in the one pair that is lit on some fibres."""
    fibres = tuple(structs.replace(one, lit_pairs=1) for one in network.fibres)
    waves = tuple(
        Wave(
            name=f"old {one.name} {slot}",
            a=one.a,
            fibres=(one.name,),
            pairs=(1,),
            centre_ghz=191_600.0 + 600.0 * slot,
            slot_ghz=600.0,
        )
        for one in fibres
        for slot in range(int(random.integers(9)) if random.random() < 0.7 else 0)
    )
    own = structs.replace(network.line, **line)
    return structs.replace(network, fibres=fibres, waves=waves, line=own)


def slots_open(line, centre_ghz):
    """Whether the slot at a centre lies in a band, off guards and reserved slices."""
    low, high = centre_ghz - 6.25, centre_ghz + 6.25
    inside = any(
        start * 1000 + line.guard_ghz <= low + 1e-6 and high <= end * 1000 - line.guard_ghz + 1e-6
        for start, end in line.band_limits_thz
    )
    shut = any(low < r.high_ghz - 1e-6 and high > r.low_ghz + 1e-6 for r in line.reserved)
    return inside and not shut


LINES = st.builds(
    LineSystem,
    bands=st.sampled_from(["C", "C+L"]),
    guard_ghz=st.sampled_from([0.0, 10.0, 50.0]),
    fill=st.sampled_from([0.9, 1.0]),
    f_min_thz=st.sampled_from([191.3, 191.307]),
    reserved=st.lists(
        st.floats(186_600.0, 196_000.0).map(lambda g: Reserved(low_ghz=g, high_ghz=g + 37.5)),
        max_size=3,
    ).map(tuple),
)


@given(LINES)
def test_a_pair_has_the_slots_that_lie_open_one_by_one(line):
    network = Network(
        name="n",
        sites=(Site(name="A"), Site(name="B")),
        fibres=(Fibre(name="F", a="A", z="B", length_km=80.0),),
        line=line,
    )
    centres = [193_106.25 + 12.5 * n for n in range(-600, 300)]
    expected = sum(slots_open(line, centre) for centre in centres) * 12.5 * line.fill
    assert room_of(network).band_ghz.tolist() == pytest.approx([expected])
    assert room_of(network).taken_ghz.tolist() == [0.0]


def test_a_plain_line_counts_its_limits_to_the_last_bit():
    line = LineSystem()
    network = Network(
        name="n",
        sites=(Site(name="A"), Site(name="B")),
        fibres=(Fibre(name="F", a="A", z="B", length_km=80.0),),
        line=line,
    )
    whole = (line.f_max_thz - line.f_min_thz) * 1000.0 * line.fill
    assert room_of(network).band_ghz.tolist() == [whole]


def test_a_pair_beyond_its_share_takes_nothing_of_the_next_one():
    fibre = Fibre(name="F", a="A", z="B", length_km=80.0, lit_pairs=2)
    full = Wave(name="w", a="A", fibres=("F",), pairs=(2,), centre_ghz=193_700.0, slot_ghz=4_800.0)
    network = Network(
        name="n", sites=(Site(name="A"), Site(name="B")), fibres=(fibre,), waves=(full,)
    )
    room = room_of(network)
    assert room.taken_ghz.tolist() == room.band_ghz.tolist()
    part = structs.replace(full, slot_ghz=100.0)
    assert room_of(structs.replace(network, waves=(part,))).taken_ghz.tolist() == [100.0]


def test_a_wet_fibre_has_the_band_of_its_system():
    lake = SubseaSystem(
        name="Lake",
        gsnr_db=26.0,
        baud_gbd=118.0,
        cd_ps_nm=4000.0,
        pmd_ps=2.0,
        f_min_thz=193.0,
        f_max_thz=194.0,
    )
    network = Network(
        name="n",
        sites=(Site(name="A"), Site(name="B")),
        fibres=(
            Fibre(name="F", a="A", z="B", length_km=80.0, subsea=True, system="Lake"),
            Fibre(name="G", a="A", z="B", length_km=80.0),
        ),
        subsea=(lake,),
        line=LineSystem(bands="C+L", fill=1.0),
    )
    assert room_of(network).band_ghz.tolist() == pytest.approx([1000.0, 8300.0])


@given(SEEDS)
@settings(max_examples=8)
def test_the_bound_stays_below_every_design_beside_waves_in_service(
    tiny, posed, designs_of, cost_of, seed
):
    random = np.random.default_rng(seed)
    here = tiny(seed)
    network = crowded(here.network, random, guard_ghz=float(random.choice([0.0, 100.0])))
    busy = posed(network, here.demands, here.replicas)
    if stuck(busy.chooser, busy.flows):
        return
    steps = list(bound(busy.instance, busy.flows, rounds=3))
    for state in designs_of(busy, random, 5):
        assert steps[-1].bound <= cost_of(busy, state) + 1e-6
    *_, found = search(busy.chooser, busy.flows, rounds=2)
    assert steps[-1].bound <= found.bill + 1e-6


def test_the_search_goes_round_a_pair_that_waves_in_service_have_filled(tiny, posed):
    def ridden(waves):
        sites = tuple(Site(name=name, roles=("campus",)) for name in ("S3", "S4"))
        ways = {"near": ("S3", "S4"), "in": ("S3", "J"), "out": ("J", "S4")}
        ways |= {"up": ("S3", "K"), "down": ("K", "S4")}
        fibres = tuple(
            Fibre(name=name, a=a, z=z, length_km=300.0, lit_pairs=1, pair_km_year=1.0)
            for name, (a, z) in ways.items()
        )
        here = tiny(4).network
        network = Network(
            name="n",
            sites=(*sites, Site(name="J"), Site(name="K")),
            fibres=fibres,
            waves=waves,
            modes=here.modes,
        )
        demand = structs.replace(tiny(4).demands[4], source="S3", target="S4", gbps=150.0)
        problem = posed(network, (demand,), ())
        *_, found = search(problem.chooser, problem.flows, rounds=1)
        (placement,) = found.placements.values()
        routes = problem.instance.routes
        paths = (*placement.paths, placement.backup or ())
        return sorted(len(routes[arc >> 1].arcs) for path in paths for arc in path), found.bill

    old = Wave(
        name="old", a="S3", fibres=("near",), pairs=(1,), centre_ghz=193_700.0, slot_ghz=4_800.0
    )
    (direct, free), (round_about, bill) = ridden(()), ridden((old,))
    assert (direct, round_about) == ([1, 2], [2, 2])
    assert bill < free + 300.0, "a further pair costs 1,500"
