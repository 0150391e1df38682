"""Spares that are bought do what was asked, and none of them is idle."""

import pytest

from arterial.optics.restore import installed_spares, player_of, restored
from arterial.optics.restore_cuts import cuts_of
from arterial.optics.restore_options import Spares
from arterial.optics.restore_spares import _cheapest, _Task, chosen_spares


def chosen(plan, sections, share=1.0):
    first = player_of(plan, sections, Spares(None))
    return first, chosen_spares(
        first.equipped,
        cuts_of(plan),
        lambda module: 2.0 if module.startswith("TQD") else 1.0,
        installed=installed_spares(plan),
        share=share,
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("share", [0.5, 1.0])
def test_every_case_brings_back_what_is_asked(mesh, drawn, lit_plan, seed, share):
    network = mesh(seed, sites=6, spares=(0, 0, 1))
    sections = drawn(network, seed, worst=0.03)
    plan = lit_plan(network, sections, seed, waves=10, pairs=2)
    first, choice = chosen(plan, sections, share)
    whole = restored(first, cuts_of(plan)).cases
    for case, most in zip(choice.restoration.cases, whole, strict=True):
        asked = min(share * case.cut_gbps, most.restored_gbps)
        assert case.restored_gbps >= asked - 1e-6
    assert choice.bound <= choice.cost + 1e-9
    assert choice.gap == pytest.approx(
        (choice.cost - choice.bound) / choice.cost if choice.cost else 0.0
    )
    used = {}
    for case in choice.restoration.cases:
        own = {}
        for back in case.played.back:
            for stop in back.chain.spare:
                site = back.route.sites[stop]
                own[site] = own.get(site, 0) + 1
        used = {site: max(own.get(site, 0), used.get(site, 0)) for site in {*own, *used}}
    stands = {n: site.spare_regenerators for n, site in enumerate(network.sites)}
    for (site, _), count in choice.bought.items():
        stands[site] += count
    assert all(count <= stands[site] for site, count in used.items())


def test_what_brings_back_all_is_chosen_before_what_is_cheap(mesh, drawn, lit_plan):
    network = mesh(29, sites=7)
    sections = drawn(network, 29, worst=0.04)
    plan = lit_plan(network, sections, 29, waves=16)
    first, choice = chosen(plan, sections)
    assert choice.bought
    task = _Task(
        cuts=cuts_of(plan),
        target_gbps=tuple(case.restored_gbps for case in choice.restoration.cases),
        installed={},
        price=lambda _module: 1.0,
        player=first.equipped,
    )
    bought, done = _cheapest(task, [{}, choice.bought])
    assert bought == choice.bought
    assert done == choice.restoration
    assert _cheapest(task, [{}])[0] == {}


def test_no_share_asks_for_no_spare(mesh, drawn, lit_plan):
    network = mesh(2, sites=6)
    sections = drawn(network, 2, worst=0.03)
    plan = lit_plan(network, sections, 2, waves=8)
    _, choice = chosen(plan, sections, 0.0)
    assert (choice.bought, choice.cost, choice.bound, choice.gap) == ({}, 0.0, 0.0, 0.0)
