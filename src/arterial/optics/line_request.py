"""What the line system is made of, as plain data: the whole input of the physics, and nothing else.

The request is what travels to the process that runs GNPy and what a cached result is filed under:
two networks that differ in names, prices or demands only share their light.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path

import msgspec
from msgspec import Struct

from arterial.model.network import Network
from arterial.optics.combs import Comb, combs

__all__ = ["LineRequest", "TerrestrialRoute", "content_hash", "line_request"]

PHYSICS = tuple(Path(__file__).with_name(f"{name}.py") for name in ("gnpy_door", "line_topology"))


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
    )


def content_hash(request: LineRequest) -> str:
    """SHA-256 over the request, GNPy's version and the text of the modules that drive it."""
    digest = hashlib.sha256(msgspec.json.encode(request))
    digest.update(f"\0gnpy {version('gnpy')}\0".encode())
    for module in PHYSICS:
        digest.update(module.read_bytes())
    return digest.hexdigest()
