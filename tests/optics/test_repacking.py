"""Segments of a plan, and what packing them anew would give."""

import msgspec

from arterial.model.fibre import Fibre
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.model.wave import Wave
from arterial.optics.repacking import plan_segments, repacked
from arterial.plan.plan import Plan
from arterial.plan.rows import Lightpath, LightpathHop


def plan_of(*waves, old=()):
    """Waves along a - b - c: name, centres on F and G, regenerators."""
    return Plan(
        network=Network(
            name="n",
            sites=tuple(Site(name=name) for name in "abc"),
            fibres=(Fibre(name="F", a="a", z="b"), Fibre(name="G", a="c", z="b")),
            waves=old,
        ),
        load="",
        seed=0,
        input_hash="",
        versions={},
        cost=0.0,
        bound=0.0,
        gap=0.0,
        bound_scope="network",
        status="fixed",
        lightpaths=tuple(
            Lightpath(
                name=name,
                link="a--c",
                mode="m",
                rate_gbps=400.0,
                slot_ghz=75.0,
                router_a=1,
                router_z=1,
                regenerators=regenerators,
                gsnr_db=20.0,
                osnr_db=18.0,
                margin_db=2.0,
                watts=20.0,
            )
            for name, _, regenerators in waves
        ),
        lightpath_hops=tuple(
            LightpathHop(
                lightpath=name,
                hop=hop,
                fibre="FG"[hop],
                forward=hop == 0,
                pair=1,
                centre_ghz=centre,
            )
            for name, centres, _ in waves
            for hop, centre in enumerate(centres)
        ),
    )


def test_a_regenerator_parts_a_wave():
    plan = plan_of(("w", (191_400.0, 191_500.0), ("b",)), ("x", (191_600.0, 191_600.0), ()))
    segments = [(one.wave, one.hops, one.centre_ghz) for one in plan_segments(plan)]
    assert segments == [
        ("w", (("F", 1),), 191_400.0),
        ("w", (("G", 1),), 191_500.0),
        ("x", (("F", 1), ("G", 1)), 191_600.0),
    ]


def test_packing_moves_waves_in_service_as_well():
    old = Wave(name="old", a="a", fibres=("F",), pairs=(1,), centre_ghz=192_000.0, slot_ghz=75.0)
    plan = plan_of(("w", (191_400.0, 191_500.0), ("b",)), old=(old,))
    found = repacked(plan)
    assert (found.segments, found.now, found.packed, found.bound) == (3, 59, 12, 12)
    assert (found.gap, found.scope, found.status) == (0.0, "paths", "gap")


def test_a_wave_off_the_grid_needs_no_more_slots_than_it_is_wide():
    old = Wave(name="old", a="a", fibres=("F",), pairs=(1,), centre_ghz=191_343.75, slot_ghz=75.0)
    found = repacked(plan_of(old=(old,)))
    assert (found.now, found.packed, found.bound) == (7, 6, 6)


def test_a_plan_without_light_needs_no_slot():
    assert repacked(msgspec.structs.replace(plan_of(), lightpaths=())).packed == 0
