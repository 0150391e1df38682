"""The rows of a plan: one Struct a table, names and units in plain sight.

A prover reads these and the network, nothing else. An IP link is a bundle of waves over one fibre
route, so a cut takes a link whole; a router failure takes the waves that end on it. A design gives
all waves of a link one mode; upgrades may mix them.
"""

from math import nan
from typing import Literal

from msgspec import Struct

__all__ = [
    "BillItem",
    "BoughtUnit",
    "Demand",
    "IpLink",
    "Item",
    "Lightpath",
    "LightpathHop",
    "LitFibre",
    "Replica",
    "RestoredHop",
    "RestoredWave",
    "Serving",
    "SpareRegenerators",
    "Tunnel",
    "TunnelHop",
]


class Lightpath(Struct, frozen=True, kw_only=True):
    """One wave between two routers, regenerated where physics asks."""

    name: str
    link: str
    """The IP link whose bundle it belongs to; its ends are the link's ends."""
    mode: str
    rate_gbps: float
    slot_ghz: float
    router_a: int
    """1-based router at the link's end a."""
    router_z: int
    regenerators: tuple[str, ...]
    """Sites of back-to-back regenerators, from a to z."""
    gsnr_db: float
    """Start of life, 0.1 nm, worst transparent segment and channel, add/drop and transmitter in."""
    osnr_db: float
    """What the mode requires."""
    margin_db: float
    """gsnr_db - osnr_db - penalties, of the worst segment; margins are kept out of this."""
    watts: float
    """Both pluggables and those of its regenerators; NaN when a datasheet gives none."""
    dearest_fibre: str = ""
    """The fibre that costs most of the worst segment's GSNR; empty where light is unknown."""
    dearest_share: float = nan
    """Its share, 0 to 1, of what that segment's fibres add; add, drop and transmitter left out."""


class LightpathHop(Struct, frozen=True, kw_only=True):
    """One fibre that a lightpath rides, in order from end a to end z, with its spectrum there."""

    lightpath: str
    hop: int
    fibre: str
    forward: bool
    """True when ridden from the fibre's a to its z."""
    pair: int
    """1-based fibre pair."""
    centre_ghz: float
    """Centre frequency; the same on all hops of one transparent segment."""


class RestoredWave(Struct, frozen=True, kw_only=True):
    """How one cut wave's light comes back in one case, on what hardware it has."""

    case: str
    """The failure, by name: ``fibre Reno--Elko``."""
    lightpath: str
    mode: str
    """One of the modes of the wave's own module."""
    rate_gbps: float
    slot_ghz: float
    regenerators: tuple[str, ...]
    """Sites, from a to z: the wave's own where it passes them still, else spare ones."""
    gsnr_db: float
    """As a lightpath's."""
    osnr_db: float
    margin_db: float


class RestoredHop(Struct, frozen=True, kw_only=True):
    """One fibre that a restored wave rides, in order from end a to end z."""

    case: str
    lightpath: str
    hop: int
    fibre: str
    forward: bool
    pair: int
    centre_ghz: float


class SpareRegenerators(Struct, frozen=True, kw_only=True):
    """Regenerators that wait at a site, shared by all cases."""

    site: str
    module: str
    """The pluggable that stands in them, twice in each."""
    regenerators: int
    """Those that the network has there already are not counted."""


class IpLink(Struct, frozen=True, kw_only=True):
    """What routers see: a bundle between two sites."""

    name: str
    a: str
    z: str
    waves: int
    """0 for a ready-made link, which needs no optics."""
    capacity_gbps: float
    length_km: float
    latency_ms: float
    """One way, planning value, routers not counted."""
    floor_ms: float
    """One way, light in fibre alone."""
    kind: str = ""
    """``leased-wave``, ``on-ramp`` or ``peering``; empty for light and for links of your own."""
    units: int = 0
    """Units of a ready-made link that the plan buys, beside one that stands."""


class BoughtUnit(Struct, frozen=True, kw_only=True):
    """A unit of a ready-made link that the plan buys, and the routers that it ends on."""

    link: str
    unit: int
    """Counted from 1 within the link."""
    router_a: int
    """1-based router at the link's end a."""
    router_z: int


class LitFibre(Struct, frozen=True, kw_only=True):
    """Pairs lit on a fibre route, those that were lit before included."""

    fibre: str
    pairs: int
    new_pairs: int
    fill: float
    """Share of the band in use on the fullest pair."""


class Replica(Struct, frozen=True, kw_only=True):
    """Where a market's questions are answered, and where when that edge is lost."""

    market: str
    site: str
    """The market's site."""
    edge: str
    failover: str
    rtt_ms: float
    """Planning value along the installed primary path, access included."""
    failover_rtt_ms: float


class Serving(Struct, frozen=True, kw_only=True):
    """Replicas of a model that stand at an edge: enough for every case that the policy counts."""

    edge: str
    model: str
    replicas: int
    gpus: int
    """Accelerators of them all."""
    kw: float
    """Power of them all; NaN where nobody says what a replica draws."""


class Demand(Struct, frozen=True, kw_only=True):
    """Traffic in one direction that the plan must carry."""

    name: str
    traffic_class: str
    source: str
    target: str
    gbps: float
    market: str = ""
    """Set for inference: the edge end may then be the market's ``edge`` or its ``failover``."""
    to_market: bool = False
    """Of a market's traffic: answers, from the edge; else what the market asks, towards it."""
    access_ms: float = 0.0
    """One-way delay beyond the backbone, counted in the round trip."""
    transfer_h: float = 0.0
    """Time one transfer takes at full rate; 0 when there is no transfer to end."""


class Tunnel(Struct, frozen=True, kw_only=True):
    """An installed path for a demand; a backup carries only while what it protects is down."""

    name: str
    demand: str
    source: str
    target: str
    rate_gbps: float
    protects: str = ""
    """Name of the primary tunnel; empty for a primary. Primaries' rates add up to the demand."""
    rtt_ms: float
    """Planning value, access included."""


class TunnelHop(Struct, frozen=True, kw_only=True):
    """One IP link of a tunnel, in order from its source. A tunnel inside one site has none."""

    tunnel: str
    hop: int
    link: str
    forward: bool
    """True when ridden from the link's a to its z."""


Item = Literal[
    "pluggable",
    "regenerator",
    "spare regenerator",
    "router port",
    "chassis",
    "fibre setup",
    "fibre pair",
    "amplifier hut",
    "roadm degree",
    "line terminal",
    "edge site",
    "edge build",
    "leased wave",
    "on-ramp",
    "peering",
    "traffic",
    "power",
    "gpu",
    "gpu power",
]
"""What a line of the bill is for."""


class BillItem(Struct, frozen=True, kw_only=True):
    """A line of the bill of materials; the sum of ``cost`` is the plan's cost."""

    item: Item
    where: str
    kind: str
    """Mode, fibre status or the like."""
    quantity: float
    unit_cost: float
    cost: float
