"""Spectrum of lit pairs as bars over frequency, one row a pair.

What is free is the bare track, what nobody may use is striped. Rows that stand open carry a tooltip
a wave; in a long list the waves of one mode are one shape a row, a fraction of the bytes.
"""

from collections.abc import Iterable, Mapping, Sequence

from arterial.model.line import LineSystem
from arterial.optics.combs import GRID_GHZ
from arterial.optics.spectrum_band import Band, free_runs, grid_band
from arterial.report.chart import clipped, framed
from arterial.report.spectrum import Bar, PairSpectrum
from arterial.report.svg import element, number, text
from arterial.report.words import amount, percent, shown

__all__ = ["spectrum_chart"]

WIDTH, LEFT, RIGHT = 1120.0, 250.0, 150.0
TOP, PITCH, TALL = 36.0, 17.0, 11.0
TICKS_GHZ = (100.0, 250.0, 500.0, 1000.0, 2000.0)
MOST_TICKS = 12


class _Scale:
    """From frequency to pixels."""

    def __init__(self, band: Band) -> None:
        self.low_ghz = band.start_ghz
        self.high_ghz = band.start_ghz + band.slots * GRID_GHZ
        wide_ghz = max(self.high_ghz - self.low_ghz, GRID_GHZ)
        self.px_per_ghz = (WIDTH - LEFT - RIGHT) / wide_ghz

    def at(self, ghz: float) -> float:
        """Pixels from the left; what lies outside the band lies at its edge."""
        inside = min(max(ghz, self.low_ghz), self.high_ghz)
        return LEFT + (inside - self.low_ghz) * self.px_per_ghz

    def slot(self, slot: int) -> float:
        return self.at(self.low_ghz + slot * GRID_GHZ)


def spectrum_chart(
    rows: Sequence[PairSpectrum], line: LineSystem, colours: Mapping[str, int], *, by_wave: bool
) -> str:
    """Bars of every row over the bands of a line system.

    Parameters
    ----------
    rows
        Pairs, in the order in which they are drawn.
    line
        Whose bands, guards and reserved slices the axis shows.
    colours
        Number of the colour of each mode.
    by_wave
        One shape and one tooltip for each wave, else for each mode of a row.
    """
    band = grid_band(line)
    scale = _Scale(band)
    bottom = TOP + PITCH * len(rows)
    parts = [*_axis(scale, bottom), *_heads()]
    open_runs = free_runs(band.open)
    closed_runs = free_runs(band.closed)
    tracks: list[str] = []
    stripes: list[str] = []
    for index in range(len(rows)):
        y = TOP + PITCH * index
        tracks += [_box(scale.slot(at), scale.slot(at + wide), y) for at, wide in open_runs]
        stripes += [
            f"M{number(scale.slot(at))} {number(y + TALL / 2)}H{number(scale.slot(at + wide))}"
            for at, wide in closed_runs
        ]
    parts.append(element("path", class_="track", d="".join(tracks)))
    if stripes:
        parts.append(element("path", class_="closed", stroke_width=TALL, d="".join(stripes)))
    for index, row in enumerate(rows):
        y = TOP + PITCH * index
        parts += _words(row, y)
        parts += _waves(row, y, scale, colours) if by_wave else _modes(row, y, scale, colours)
    return framed(WIDTH, bottom + 4, "spectrum", *parts)


def _waves(row: PairSpectrum, y: float, scale: _Scale, colours: Mapping[str, int]) -> Iterable[str]:
    for bar in row.bars:
        yield element(
            "path",
            text("title", _told(bar)),
            class_=_colour(bar, colours),
            d=_bar_box(bar, y, scale),
        )


def _modes(row: PairSpectrum, y: float, scale: _Scale, colours: Mapping[str, int]) -> Iterable[str]:
    modes: dict[tuple[str, bool], list[Bar]] = {}
    for bar in row.bars:
        modes.setdefault((bar.mode, bar.installed), []).append(bar)
    for bars in modes.values():
        words = f"{row.fibre}, pair {row.pair}: {len(bars)} x {_mode(bars[0])}"
        yield element(
            "path",
            text("title", words),
            class_=_colour(bars[0], colours),
            d="".join(_bar_box(bar, y, scale) for bar in bars),
        )


def _colour(bar: Bar, colours: Mapping[str, int]) -> str:
    return "wx" if bar.installed else f"w{colours[bar.mode]}"


def _mode(bar: Bar) -> str:
    words = bar.mode or "mode unknown"
    return f"{words}, in service before" if bar.installed else words


def _told(bar: Bar) -> str:
    low, high = bar.centre_ghz - bar.slot_ghz / 2, bar.centre_ghz + bar.slot_ghz / 2
    return (
        f"{bar.name}: {_mode(bar)}, centre {bar.centre_ghz / 1000:.5f} THz, {bar.slot_ghz:g} GHz "
        f"({low / 1000:.5f} to {high / 1000:.5f} THz)"
    )


def _bar_box(bar: Bar, y: float, scale: _Scale) -> str:
    """A hair is left between neighbours, so that each can be told from the next."""
    start = scale.at(bar.centre_ghz - bar.slot_ghz / 2)
    end = scale.at(bar.centre_ghz + bar.slot_ghz / 2)
    return _box(start + 0.4, max(end - 0.4, start + 1.0), y)


def _box(start: float, end: float, y: float) -> str:
    wide = round(end, 1) - round(start, 1)
    return f"M{number(start)} {number(y)}h{number(wide)}v{TALL:g}h{number(-wide)}z"


def _words(row: PairSpectrum, y: float) -> Iterable[str]:
    cut = f"{clipped(shown(row.fibre), LEFT - 50)} · {row.pair}"
    full = text("title", f"{row.fibre} ({row.a} to {row.z}), pair {row.pair}")
    base = y + TALL - 1.5
    yield element(
        "g",
        full,
        text("text", cut, x=LEFT - 8, y=base, text_anchor="end", class_="label"),
    )
    at = WIDTH - RIGHT
    yield text("text", percent(row.fill), x=at + 52, y=base, text_anchor="end", class_="value")
    words = percent(row.fragmentation)
    yield text("text", words, x=WIDTH - 4, y=base, text_anchor="end", class_="label")


def _heads() -> Iterable[str]:
    y = TOP - 22
    yield text("text", "fibre · pair", x=LEFT - 8, y=y, text_anchor="end", class_="label")
    yield text("text", "THz", x=LEFT, y=y, class_="label")
    yield text("text", "fill", x=WIDTH - RIGHT + 52, y=y, text_anchor="end", class_="label")
    yield text("text", "fragmented", x=WIDTH - 4, y=y, text_anchor="end", class_="label")


def _axis(scale: _Scale, bottom: float) -> Iterable[str]:
    wide_ghz = scale.high_ghz - scale.low_ghz
    step = next((step for step in TICKS_GHZ if wide_ghz / step <= MOST_TICKS), TICKS_GHZ[-1])
    tick = -(-scale.low_ghz // step) * step
    lines: list[str] = []
    while tick <= scale.high_ghz:
        x = scale.at(tick)
        lines.append(f"M{number(x)} {TOP - 5:g}V{number(bottom)}")
        words = amount(tick / 1000.0, 2 if step % 500 else 1)
        yield text("text", words, x=x, y=TOP - 8, text_anchor="middle", class_="label")
        tick += step
    if lines:
        yield element("path", class_="grid", d="".join(lines))
