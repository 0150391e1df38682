"""Light in GNPy's own words: the channels that are put on a line, and which physics they meet.

Behind the door like ``gnpy_door``: nothing else imports it. A full comb on one band is asked for as
GNPy asks itself, by its ends and its spacing; any other load is listed channel by channel. GNPy
keeps the switches of its physics for the whole process, so they are set before every use.
"""

# GNPy has no types of its own.
# pyright: reportAny=false, reportExplicitAny=false

import math
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from gnpy.core.elements import Fiber
from gnpy.core.info import Carrier, SpectralInformation
from gnpy.core.parameters import SimParams
from gnpy.core.science_utils import RamanSolver
from gnpy.core.utils import dbm2watt
from gnpy.topology.request import PathRequest

from arterial.optics.combs import Channel, Comb
from arterial.optics.line_request import LineRequest
from arterial.optics.line_topology import LAUNCH_DBM, ROLL_OFF

__all__ = ["full_load", "listed_load", "set_physics", "spans_solved_once"]


def set_physics(request: LineRequest) -> None:
    """Raman scattering between channels counts on a line of two bands; all else is GNPy's default.

    Within the C band it moves power by less than the amplifiers' own ripple; between L and C it is
    what sets the two apart.
    """
    SimParams.set_params({"raman_params": {"flag": request.l_band is not None}})


@contextmanager
def spans_solved_once() -> Generator[None]:
    """While a line is designed, solve Raman scattering once for spans that are alike.

    GNPy asks anew at every hut, and most spans of a route are alike: 278 of 2,144 questions differ
    on CONUS, which makes its design in two bands three times as fast. The answers are GNPy's own.
    """
    solved: dict[tuple[Any, ...], Any] = {}
    solve = RamanSolver.calculate_stimulated_raman_scattering

    def once(spectral_info: SpectralInformation, fiber: Fiber) -> object:
        key = (
            fiber.type_variety,
            fiber.params.length,
            fiber.alpha(spectral_info.frequency).tobytes(),
            spectral_info.frequency.tobytes(),
            spectral_info.pch.tobytes(),
        )
        if key not in solved:
            solved[key] = solve(spectral_info, fiber)
        return solved[key]

    RamanSolver.calculate_stimulated_raman_scattering = staticmethod(once)
    try:
        yield
    finally:
        RamanSolver.calculate_stimulated_raman_scattering = staticmethod(solve)


def full_load(request: LineRequest, comb: Comb) -> PathRequest:
    """Every channel of a comb."""
    if request.l_band is not None:
        return listed_load(request, comb.channels)
    slot_hz = comb.slot_ghz * 1e9
    before_hz = comb.centres_thz[0] * 1e12 - slot_hz  # GNPy's first channel is one slot above f_min
    return _load(
        request,
        baud_hz=comb.baud_gbd * 1e9,
        slot_hz=slot_hz,
        f_min_hz=before_hz,
        f_max_hz=before_hz + (len(comb.centres_thz) + 0.5) * slot_hz,
        channels=len(comb.centres_thz),
    )


def listed_load(request: LineRequest, channels: Sequence[Channel]) -> PathRequest:
    """Channels of any kinds side by side, ascending."""
    load = _load(
        request,
        baud_hz=channels[0].baud_gbd * 1e9,
        slot_hz=channels[0].slot_ghz * 1e9,
        f_min_hz=channels[0].centre_thz * 1e12,
        f_max_hz=channels[-1].centre_thz * 1e12,
        channels=len(channels),
    )
    load.initial_spectrum = {
        float(round(channel.centre_thz * 1e12)): Carrier(
            delta_pdb=0.0,
            baud_rate=channel.baud_gbd * 1e9,
            slot_width=_slot_hz(channel.slot_ghz),
            roll_off=ROLL_OFF,
            tx_osnr=request.tx_osnr_db,
            tx_power=dbm2watt(LAUNCH_DBM),
            required_osnr_db_01nm=None,
            penalties={},
            rx_channel_power_min_dbm=None,
            rx_channel_power_max_dbm=None,
            detailed_rx=None,
            label=f"{channel.baud_gbd:g}G",
        )
        for channel in channels
    }
    return load


def _slot_hz(slot_ghz: float) -> float:
    """In whole Hz, as centres are, so that channels side by side never seem to overlap."""
    slot_hz = slot_ghz * 1e9
    return slot_hz if slot_hz % 2.0 == 0.0 else math.floor(slot_hz) - 1.0


def _load(
    request: LineRequest,
    *,
    baud_hz: float,
    slot_hz: float,
    f_min_hz: float,
    f_max_hz: float,
    channels: int,
) -> PathRequest:
    return PathRequest(
        request_id="load",
        trx_type="",
        trx_mode="",
        source="",
        destination="",
        bidir=False,
        nodes_list=[],
        loose_list=[],
        format="",
        path_bandwidth=0,
        effective_freq_slot=None,
        baud_rate=baud_hz,
        roll_off=ROLL_OFF,
        tx_osnr=request.tx_osnr_db,
        min_spacing=slot_hz,
        spacing=slot_hz,
        f_min=f_min_hz,
        f_max=f_max_hz,
        nb_channel=channels,
        power=dbm2watt(LAUNCH_DBM),
        tx_power=dbm2watt(LAUNCH_DBM),
        cost=0,
        bit_rate=0,
        OSNR=None,
        penalties={},
        offset_db=0,
        equalization_offset_db=0,
    )
