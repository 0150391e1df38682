"""What the line system is made of, as plain data: the whole input of the physics, and nothing else.

The request is what travels to the process that runs GNPy and what a cached result is filed under:
two networks that differ in names, prices or demands only share their light.
"""

import hashlib
import math
from pathlib import Path

import msgspec
from msgspec import Struct

from arterial.model.network import Network
from arterial.optics.combs import Comb, combs

__all__ = [
    "LBand",
    "LineRequest",
    "TerrestrialRoute",
    "content_hash",
    "line_request",
    "span_count",
    "span_loss_db",
]

PHYSICS = tuple(
    Path(__file__).with_name(f"{name}.py") for name in ("gnpy_door", "gnpy_load", "line_topology")
)


class TerrestrialRoute(Struct, frozen=True, kw_only=True):
    """One fibre route whose light can be worked out."""

    fibre: int
    """Index into ``network.fibres``."""
    a: int
    """Index into ``network.sites``."""
    z: int
    length_km: float
    type: str
    loss_db_per_km: float


class LBand(Struct, frozen=True, kw_only=True):
    """The second band of a line, below the C band."""

    amplifier: str
    f_min_thz: float
    f_max_thz: float


class LineRequest(Struct, frozen=True, kw_only=True):
    """Everything that the noise of a section depends on."""

    routes: tuple[TerrestrialRoute, ...]
    combs: tuple[Comb, ...]
    span_km: float
    connector_db: float
    amplifier: str
    psd_mw_per_ghz: float
    f_min_thz: float
    f_max_thz: float
    add_drop_osnr_db: float
    tx_osnr_db: float
    l_band: LBand | None = None
    """Absent: the line carries the C band alone."""

    @property
    def amplifiers(self) -> tuple[str, ...]:
        """GNPy's name of the amplifier of each band, ascending in frequency."""
        return (*(() if self.l_band is None else (self.l_band.amplifier,)), self.amplifier)


def line_request(network: Network) -> LineRequest:
    """The request of a network: every fibre of known length that is not subsea, lit or not yet."""
    line = network.line
    site = {site.name: index for index, site in enumerate(network.sites)}
    return LineRequest(
        routes=tuple(
            TerrestrialRoute(
                fibre=index,
                a=site[fibre.a],
                z=site[fibre.z],
                length_km=fibre.length_km,
                type=fibre.type,
                loss_db_per_km=fibre.loss_db_per_km or line.loss_db_per_km,
            )
            for index, fibre in enumerate(network.fibres)
            if fibre.length_km is not None and not fibre.subsea
        ),
        combs=combs(network.modes, line),
        span_km=line.span_km,
        connector_db=line.connector_db,
        amplifier=line.amplifier,
        psd_mw_per_ghz=line.psd_mw_per_ghz,
        f_min_thz=line.f_min_thz,
        f_max_thz=line.f_max_thz,
        add_drop_osnr_db=line.add_drop_osnr_db,
        tx_osnr_db=line.tx_osnr_db,
        l_band=LBand(amplifier=line.l_amplifier, f_min_thz=line.l_min_thz, f_max_thz=line.l_max_thz)
        if line.bands == "C+L"
        else None,
    )


def span_count(request: LineRequest, route: TerrestrialRoute) -> int:
    """Spans that a route is cut into, all of one length."""
    return math.ceil(route.length_km / request.span_km)


def span_loss_db(request: LineRequest, route: TerrestrialRoute) -> float:
    """What light loses in one span of a route, its two connectors included."""
    span_km = route.length_km / span_count(request, route)
    return span_km * route.loss_db_per_km + 2.0 * request.connector_db


def content_hash(request: LineRequest) -> str:
    """SHA-256 over the request and the text of the modules that drive GNPy.

    GNPy's version stands in the file itself, so that another one's figures are told, not missed.
    """
    digest = hashlib.sha256(msgspec.json.encode(request))
    for module in PHYSICS:
        digest.update(module.read_bytes())
    return digest.hexdigest()
