"""Whether waves in service can stand: on lit pairs, along fibre, in a band, side by side."""

from collections.abc import Iterator
from typing import cast

from arterial.errors import Problem
from arterial.model.convert import fields_of
from arterial.model.draft import Draft
from arterial.model.line import LineSystem
from arterial.model.record import Record, built

__all__ = ["standing_problems"]

_GHZ_IN_THZ = 1000.0
_GHZ = 1e-6
"""Forgiven where two edges meet."""


def standing_problems(draft: Draft) -> Iterator[Problem]:
    """Every wave that contradicts its fibres, its band or another wave.

    Guards and reserved slices do not bind what stands: a slice may be reserved for it.
    """
    fibres = {row.text("name"): row for row in draft.rows("fibres")}
    line = _line(draft)
    for wave in draft.rows("waves"):
        if all(name in fibres for name in wave.texts("fibres")):
            yield from _route(wave, fibres)
        yield from _pairs(wave, fibres)
        yield from _band(wave, line)
    yield from _overlaps(draft.rows("waves"))


def _line(draft: Draft) -> LineSystem | None:
    """The line system; None where one of its figures was refused."""
    for record in draft.root.records("line"):
        whole = all(field in record.values for field in fields_of(LineSystem))
        return cast("LineSystem", built(record)) if whole else None
    return None if "line" in draft.root.lines else LineSystem()


def _route(wave: Record, fibres: dict[str, Record]) -> Iterator[Problem]:
    here, ridden = wave.text("a"), wave.texts("fibres")
    for number, name in enumerate(ridden):
        if name in ridden[:number]:
            yield wave.problem("fibres", f"'{name}' stands here twice", "Name each fibre once")
            return
        ends = [fibres[name].text("a"), fibres[name].text("z")]
        if here not in ends:
            found = f"'{name}' does not lead on from {here}; it joins {' and '.join(ends)}"
            yield wave.problem("fibres", found, "Name the fibres in order from site a")
            return
        here = ends[1 - ends.index(here)]


def _hops(wave: Record) -> list[tuple[str, int]]:
    """(fibre, pair); none where the two lists do not match."""
    names = wave.texts("fibres")
    value = wave.values.get("pairs")
    pairs = list(cast("tuple[int, ...]", value)) if isinstance(value, tuple) else []
    pairs = pairs * len(names) if len(pairs) == 1 else pairs
    return list(zip(names, pairs, strict=True)) if len(pairs) == len(names) else []


def _pairs(wave: Record, fibres: dict[str, Record]) -> Iterator[Problem]:
    names = wave.texts("fibres")
    if names and "pairs" in wave.values and not _hops(wave):
        yield wave.problem(
            "pairs", f"not as many pairs as its {len(names)} fibres", "Give one for each, or one"
        )
    for name, pair in _hops(wave):
        lit = fibres[name].number("lit_pairs") if name in fibres else None
        if lit is not None and pair > lit:
            found = f"pair {pair} of '{name}' is not lit: {lit:.0f} are"
            yield wave.problem("pairs", found, f"Correct it, or `lit_pairs` of '{name}'")


def _edges(wave: Record) -> tuple[float, float] | None:
    centre, slot = wave.number("centre_ghz"), wave.number("slot_ghz")
    if centre is None or slot is None:
        return None
    return centre - slot / 2.0, centre + slot / 2.0


def _band(wave: Record, line: LineSystem | None) -> Iterator[Problem]:
    edges = _edges(wave)
    if line is None or edges is None:
        return
    bands = [(low * _GHZ_IN_THZ, high * _GHZ_IN_THZ) for low, high in line.band_limits_thz]
    if not any(low - _GHZ <= edges[0] and edges[1] <= high + _GHZ for low, high in bands):
        said = " or ".join(f"{low:g} to {high:g}" for low, high in bands)
        found = f"{edges[0]:g} to {edges[1]:g} GHz is outside the band"
        yield wave.problem("centre_ghz", found, f"The line carries {said} GHz")


def _overlaps(waves: tuple[Record, ...]) -> Iterator[Problem]:
    on: dict[tuple[str, int], list[tuple[float, float, int]]] = {}
    for number, wave in enumerate(waves):
        edges = _edges(wave)
        for hop in _hops(wave) if edges else ():
            on.setdefault(hop, []).append((*cast("tuple[float, float]", edges), number))
    told: set[tuple[int, int]] = set()
    for (fibre, pair), slots in on.items():
        reach, owner = 0.0, 0
        for low, high, number in sorted(slots):
            both = min(owner, number), max(owner, number)
            if low < reach - _GHZ and number != owner and both not in told:
                told.add(both)
                first, second = waves[both[0]], waves[both[1]]
                place = f"{first.file}:{first.line}"
                found = f"overlaps '{first.text('name')}' ({place}) on '{fibre}' pair {pair}"
                yield second.problem("centre_ghz", found, "Correct frequency, width or pair")
            if high > reach:
                reach, owner = high, number
