import math

import msgspec
import pytest

from arterial.model.pluggable import Mode
from arterial.plan.rows import RestoredHop, RestoredWave
from arterial.report.restored import restored_cases
from arterial.units import fibre_delay_ms

MODE = Mode(name="OpenZR+ 400G", module="m", rate_gbps=400.0, status="ASSUMPTION", source="test")
DETOUR = ("Chicago-New_York", "Chicago-Washington_DC")


def back(wave, case):
    row = RestoredWave(case=case, lightpath=wave.name, mode=wave.mode, rate_gbps=400.0,
                       slot_ghz=75.0, regenerators=(), gsnr_db=26.0, osnr_db=24.0,
                       margin_db=2.0)  # fmt: skip
    hops = [
        RestoredHop(case=case, lightpath=wave.name, hop=hop, fibre=fibre, forward=True, pair=1,
                    centre_ghz=193_000.0)
        for hop, fibre in enumerate(DETOUR, 1)
    ]  # fmt: skip
    return row, hops


@pytest.fixture
def mended(builders):
    """Of one link every second wave comes back, of every other link nothing."""
    plan = builders["plan"](builders["network"](modes=(MODE,)), waves=6)
    link = max(plan.ip_links, key=lambda row: row.waves)
    own = [wave for wave in plan.lightpaths if wave.link == link.name][::2]
    case = f"fibre {link.a}-{link.z}"
    made = [back(wave, case) for wave in own]
    return link, msgspec.structs.replace(
        plan,
        restored_waves=tuple(row for row, _ in made),
        restored_hops=tuple(hop for _, hops in made for hop in hops),
    )


def test_a_plan_that_says_nothing_of_restoration_has_no_cases(plan):
    assert restored_cases(plan) == ()


def test_a_case_cuts_every_wave_on_its_fibre_and_what_returns_is_counted(mended):
    link, plan = mended
    cases = {row.case: row for row in restored_cases(plan)}
    assert set(cases) == {f"fibre {hop.fibre}" for hop in plan.lightpath_hops}
    assert sum(row.waves for row in cases.values()) == len(plan.lightpaths)
    case = cases[f"fibre {link.a}-{link.z}"]
    assert (case.waves, case.waves_back) == (link.waves, len(plan.restored_waves))
    assert case.share == pytest.approx(len(plan.restored_waves) / link.waves)
    assert [row.share for row in cases.values() if row is not case] == [0.0] * (len(cases) - 1)


def test_what_leaves_most_dark_comes_first(mended):
    dark = [row.gbps - row.gbps_back for row in restored_cases(mended[1])]
    assert dark == sorted(dark, reverse=True)


def test_a_shared_risk_cuts_all_its_fibres(builders):
    network = builders["network"](modes=(MODE,))
    fibres = [
        msgspec.structs.replace(fibre, risks=("bridge",)) if place < 3 else fibre
        for place, fibre in enumerate(network.fibres)
    ]
    plan = builders["plan"](msgspec.structs.replace(network, fibres=tuple(fibres)))
    row, hops = back(plan.lightpaths[0], "srlg bridge")
    plan = msgspec.structs.replace(plan, restored_waves=(row,), restored_hops=tuple(hops))
    case = next(row for row in restored_cases(plan) if row.case == "srlg bridge")
    risky = {fibre.name for fibre in fibres[:3]}
    assert case.waves == sum(hop.fibre in risky for hop in plan.lightpath_hops)
    assert (len(case.links), case.waves_back) == (3, 1)


def test_a_restored_link_is_as_late_as_its_new_fibres(mended):
    link, plan = mended
    km = {fibre.name: fibre.length_km for fibre in plan.network.fibres}
    latency = plan.network.latency
    one_way_ms = latency.route_factor * fibre_delay_ms(sum(km[name] for name in DETOUR))
    after_ms = 2 * (one_way_ms + latency.fec_us / 1000)
    rows = [row for case in restored_cases(plan) for row in case.links if row.waves_back]
    assert [row.rtt_after_ms for row in rows] == [pytest.approx(after_ms)]
    assert rows[0].rtt_before_ms == pytest.approx(2 * link.latency_ms)
    assert all(
        math.isnan(row.rtt_after_ms)
        for case in restored_cases(plan)
        for row in case.links
        if not row.waves_back
    )


def test_a_class_refuses_a_link_over_which_a_tunnel_would_be_late(mended):
    link, plan = mended
    hop = next(hop for hop in plan.tunnel_hops)
    moved = msgspec.structs.replace(hop, link=link.name)
    on_link = msgspec.structs.replace(plan, tunnel_hops=(moved,))

    def refusing(bound_ms):
        classes = tuple(
            msgspec.structs.replace(row, rtt_ms=bound_ms if row.name == "inference" else None)
            for row in on_link.network.classes
        )
        network = msgspec.structs.replace(on_link.network, classes=classes)
        cases = restored_cases(msgspec.structs.replace(on_link, network=network))
        return {name for case in cases for row in case.links for name in row.refusing}

    row = next(row for case in restored_cases(on_link) for row in case.links if row.waves_back)
    tunnel = next(row for row in on_link.tunnels if row.name == hop.tunnel)
    late_ms = tunnel.rtt_ms + row.rtt_after_ms - row.rtt_before_ms
    assert refusing(late_ms + 0.01) == set()
    assert refusing(late_ms - 0.01) == {"inference"}
    assert refusing(None) == set()
