"""The line system, the margins kept on it, and what delay is made of."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from arterial.model.quantity import NonNegative, Positive, Share, SpanKm, Terahertz
from arterial.units import US_PER_MS

__all__ = ["Latency", "LineSystem", "Margins", "Reserved"]


def assumed(text: str) -> Meta:
    """Marks a default as an ASSUMPTION of ours."""
    return Meta(extra={"source": f"ASSUMPTION: {text}"})


def sourced(text: str) -> Meta:
    """Marks a default with where it was read."""
    return Meta(extra={"source": text})


class Reserved(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A slice of spectrum that no lightpath of ours may use, on every fibre."""

    low_ghz: Positive
    """Lower edge."""
    high_ghz: Positive
    """Upper edge."""
    note: str = ""
    """What it is kept for: a supervisory channel, a tenant, an alien wave."""
    source: str = ""
    """Where the slice comes from; empty means from you."""


class LineSystem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What GNPy needs to design the amplified line, once for all lightpaths."""

    span_km: Annotated[SpanKm, assumed("amplifier huts every 80 km, common on long haul")] = 80.0
    """Distance between amplifier huts."""
    loss_db_per_km: Annotated[Positive, sourced("CORONET CONUS as shipped with GNPy: 0.2")] = 0.2
    """Loss of fibre, splices included."""
    connector_db: Annotated[
        NonNegative, sourced("GNPy eqpt_config.json default con_in/con_out: 0 to 0.5")
    ] = 0.5
    """Loss of each connector; every span has two."""
    amplifier: Annotated[str, sourced("GNPy eqpt_config.json: std_medium_gain advanced model")] = (
        "std_medium_gain"
    )
    """GNPy's name of the amplifier model."""
    psd_mw_per_ghz: Annotated[
        Positive, sourced("GNPy docs: -20 dBm over 31.25 GHz at ROADM output = 3.125e-4 mW/GHz")
    ] = 3.125e-4
    """Power spectral density at ROADM outputs: wide channels get power in proportion."""
    f_min_thz: Annotated[Terahertz, sourced("C band, GNPy example equipment")] = 191.3
    """Lower end of the band."""
    f_max_thz: Annotated[Terahertz, sourced("C band, GNPy example equipment (196.15 fails)")] = (
        196.1
    )
    """Upper end of the band."""
    bands: Annotated[Literal["C", "C+L"], assumed("C band alone, as most lines are lit")] = "C"
    """Bands that every amplifier hut carries."""
    l_amplifier: Annotated[
        str, sourced("GNPy eqpt_config_multiband.json: L half of std_medium_gain_multiband")
    ] = "std_medium_gain_L"
    """GNPy's name of the amplifier model of the L band, where ``bands`` has one."""
    l_min_thz: Annotated[
        Terahertz, sourced("GNPy eqpt_config_multiband.json: its L amplifiers from 186.55")
    ] = 186.55
    """Lower end of the L band, where ``bands`` has one."""
    l_max_thz: Annotated[
        Terahertz, sourced("GNPy eqpt_config_multiband.json: its L amplifiers up to 190.05")
    ] = 190.05
    """Upper end of the L band, where ``bands`` has one."""
    add_drop_osnr_db: Annotated[Positive, sourced("GNPy eqpt_config.json Roadm: 38")] = 38.0
    """OSNR of the add/drop stages together, 0.1 nm."""
    tx_osnr_db: Annotated[Positive, assumed("36 dB where a mode gives none")] = 36.0
    """OSNR of a transmitter whose mode gives none, 0.1 nm."""
    fill: Annotated[Share, assumed("90 % of slots usable before repacking")] = 0.9
    """Share of a pair's spectrum that a design may fill."""
    filter_db: Annotated[
        NonNegative,
        assumed("each ROADM passed costs 0.05 dB, filter narrowing and, while pdl_db is 0, PDL"),
    ] = 0.05
    """Penalty of each ROADM passed, for modes that give none of their own."""
    pdl_db: Annotated[
        NonNegative, assumed("filter_db covers filter narrowing and PDL together, so 0")
    ] = 0.0
    """Polarisation dependent loss of each ROADM, ends included; squares add up."""
    add_loss_db: NonNegative | None = None
    """Loss from transmitter to ROADM output; absent: power of transmitters is not checked."""
    drop_psd_mw_per_ghz: Positive | None = None
    """Power spectral density at receivers; absent: power at receivers is not checked."""
    sources: dict[str, str] = {}
    """Source of each figure set here, by its name."""
    guard_ghz: Annotated[NonNegative, assumed("amplifiers carry the whole of each band")] = 0.0
    """Spectrum kept free inside each edge of each band."""
    reserved: tuple[Reserved, ...] = ()
    """Slices that nobody may use."""

    @property
    def band_limits_thz(self) -> tuple[tuple[float, float], ...]:
        """Lower and upper end of each band in use, ascending; what lies between is not used.

        >>> LineSystem(bands="C+L").band_limits_thz
        ((186.55, 190.05), (191.3, 196.1))
        """
        c_band = (self.f_min_thz, self.f_max_thz)
        return ((self.l_min_thz, self.l_max_thz), c_band) if self.bands == "C+L" else (c_band,)


class Margins(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """GSNR kept in hand beyond what a mode requires, dB; their sum lasts to end of life."""

    model_db: Annotated[
        NonNegative, sourced("GNPy within 1 dB for > 90 % of 500 samples (JOCN 2020)")
    ] = 1.0
    """For what the model gets wrong."""
    mixed_comb_db: Annotated[NonNegative, assumed("combs of 63 and 118 GBd side by side")] = 0.5
    """For neighbours of another baud rate."""
    ageing_db: Annotated[NonNegative, assumed("splices and lasers over the system's life")] = 0.5
    """For what comes after the first day."""
    connectors_db: Annotated[
        NonNegative, sourced("line.connector_db counts two connectors a span already")
    ] = 0.0
    """For connectors and patch panels that the line does not count."""
    sources: dict[str, str] = {}
    """Source of each figure set here, by its name."""

    @property
    def start_db(self) -> float:
        """What must be in hand on the first day beyond what ages."""
        return self.model_db + self.mixed_comb_db + self.connectors_db

    @property
    def total_db(self) -> float:
        """All of it: what a lightpath must have on its first day to last to its last."""
        return self.start_db + self.ageing_db


class Latency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the planning value of a delay comes from fibre length, hops and equipment."""

    route_factor: Annotated[
        float,
        Meta(ge=1.0, le=5.0),
        sourced("median of measured over shortest-path round trip, 28 Azure US region pairs: 1.37"),
    ] = 1.37
    """Applied to fibre delay where lengths are modelled; 1 where they are surveyed."""
    fec_us: Annotated[NonNegative, assumed("encoder and decoder of an oFEC-class code")] = 10.0
    """Delay of encoder and decoder of a mode that gives none; each regenerator adds as much."""
    router_us: Annotated[NonNegative, assumed("forwarding and a short queue, each router")] = 20.0
    """Delay of each router on the way."""
    access_ms: Annotated[NonNegative, assumed("user to the metro's site, one way")] = 0.5
    """Delay between a user and the site of a market that gives none."""
    sources: dict[str, str] = {}
    """Source of each figure set here, by its name."""

    @property
    def router_ms(self) -> float:
        """The same as ``router_us``, in the unit of all other delays."""
        return self.router_us / US_PER_MS
