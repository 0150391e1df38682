"""Restoration as rows of a plan: every wave that comes back in every case, hop by hop."""

from collections.abc import Iterator
from itertools import pairwise

from arterial.optics.restore import Restoration
from arterial.optics.restore_play import Back
from arterial.plan.rows import RestoredHop, RestoredWave

__all__ = ["restored_rows"]


def restored_rows(
    restoration: Restoration,
) -> tuple[tuple[RestoredWave, ...], tuple[RestoredHop, ...]]:
    """Waves and hops, by case and in the order of service."""
    network = restoration.standing.plan.network
    names = [wave.name for wave in restoration.standing.waves]
    fibres = [fibre.name for fibre in network.fibres]
    waves: list[RestoredWave] = []
    hops: list[RestoredHop] = []
    for case in restoration.cases:
        for back in case.played.back:
            waves.append(
                RestoredWave(
                    case=case.cut.name,
                    lightpath=names[back.wave],
                    mode=back.mode.name,
                    rate_gbps=back.mode.rate_gbps,
                    slot_ghz=back.mode.slot_ghz,
                    regenerators=tuple(
                        network.sites[back.route.sites[stop]].name for stop in back.chain.stops
                    ),
                    gsnr_db=back.chain.gsnr_db,
                    osnr_db=back.mode.osnr_db,
                    margin_db=back.chain.margin_db,
                )
            )
            for hop, (pair, centre_ghz) in enumerate(_light(restoration, back)):
                hops.append(
                    RestoredHop(
                        case=case.cut.name,
                        lightpath=names[back.wave],
                        hop=hop,
                        fibre=fibres[back.route.fibres[hop]],
                        forward=back.route.arcs[hop] % 2 == 0,
                        pair=pair,
                        centre_ghz=centre_ghz,
                    )
                )
    return tuple(waves), tuple(hops)


def _light(restoration: Restoration, back: Back) -> Iterator[tuple[int, float]]:
    """Pair and centre frequency of every hop."""
    ends = pairwise((0, *back.chain.stops, len(back.route.fibres)))
    for (first, last), light in zip(ends, back.placed, strict=True):
        centre_ghz = restoration.standing.band.centre_ghz(light.first, light.slots)
        for pair in light.pairs[: last - first]:
            yield pair, centre_ghz
