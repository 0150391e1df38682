"""``python -m bench.growth FILE.svg``: how the ECMP sweep grows with the network, drawn.

Networks of the Topology Zoo, every single link failure, all pairs, CPU seconds of one thread.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from arterial.routing.ecmp import base_of
from bench.ecmp import question, sweep
from bench.peers import asked, installed
from bench.zoo import NAMES, Zoo, routed, zoo

__all__ = ["main"]

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 40, 60
COLOURS = ("#0b6e4f", "#b26a00", "#8a2b5b")
SERIES = ("this engine", "the same kernel, each case anew", "netgraph-core")
NAMED = {"Geant2010", "UsCarrier", "Cogentco", "Kdl"}
TRIED = 3
"""Cases of the slower two, scaled to all."""
PEER_SITES = 200


def main() -> int:
    """Measure, tell and draw."""
    if len(sys.argv) != len(("module", "file")):
        sys.exit("usage: python -m bench.growth FILE.svg")
    networks = sorted(((name, zoo(name)) for name in NAMES), key=lambda pair: pair[1].sites)
    sweep(networks[0][1])
    points: list[tuple[str, Zoo, tuple[float, ...]]] = []
    for name, network in networks:
        taken = _own_s(network), _anew_s(network), _peer_s(network)
        points.append((name, network, taken))
        print(name, network.sites, len(network.ends), *(f"{s:.3g} s" for s in taken))
    Path(sys.argv[1]).write_text(_drawn(points), encoding="utf-8")
    return 0


def _own_s(network: Zoo) -> float:
    taken: list[float] = []
    for _ in range(3):
        start = time.process_time()
        sweep(network)
        taken.append(time.process_time() - start)
    return min(taken)


def _anew_s(network: Zoo) -> float:
    ip, _ = routed(network)
    start = time.process_time()
    for _ in range(TRIED):
        base_of(ip, network.offered)
    return (time.process_time() - start) * len(network.ends) / TRIED


def _peer_s(network: Zoo) -> float:
    if not installed() or network.sites > PEER_SITES:
        return np.nan
    said = asked("ecmp", question(network, "netgraph-core", np.arange(TRIED)))
    return float(said["cpu_s"]) * len(network.ends) / TRIED


def _drawn(points: Sequence[tuple[str, Zoo, tuple[float, ...]]]) -> str:
    pairs = [network.sites * (network.sites - 1) for _, network, _ in points]
    seconds = np.array([taken for _, _, taken in points])
    across = _decades(min(pairs), max(pairs))
    up = _decades(float(np.nanmin(seconds)), float(np.nanmax(seconds)))
    x = [_at(value, across, LEFT, WIDTH - RIGHT) for value in pairs]
    y = [[_at(s, up, HEIGHT - BOTTOM, TOP) for s in taken] for taken in seconds.tolist()]
    parts = [*_axes(across, up)]
    for column, (name, colour) in enumerate(zip(SERIES, COLOURS, strict=True)):
        spots = [(left, row[column]) for left, row in zip(x, y, strict=True) if row[column] > 0.0]
        parts += [
            f'<circle cx="{left:.1f}" cy="{top:.1f}" r="3.5" fill="{colour}"/>'
            for left, top in spots
        ]
        if spots:
            left, top = spots[-1]
            parts.append(_text(left + 9, top + 4, name, fill=colour))
    for (name, network, _), left, row in zip(points, x, y, strict=True):
        if name in NAMED:
            label = f"{name}, {network.sites}"
            parts.append(_text(left, row[0] + 18, label, anchor="middle", size=10))
    return "\n".join([_HEAD, *parts, "</svg>", ""])


_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
    'font-family="sans-serif">\n'
    "<title>CPU seconds of an ECMP sweep over all single link failures, by pairs</title>\n"
    f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
)


def _decades(least: float, most: float) -> tuple[int, int]:
    return int(np.floor(np.log10(least))), int(np.ceil(np.log10(most)))


def _at(value: float, decades: tuple[int, int], low: float, high: float) -> float:
    """Where a value stands on a logarithmic axis; nan, which is above nothing, for nan."""
    share = (np.log10(value) - decades[0]) / (decades[1] - decades[0])
    return float(low + share * (high - low))


def _axes(across: tuple[int, int], up: tuple[int, int]) -> list[str]:
    parts = [_text(LEFT, 22, "ECMP, every single link failure, all pairs: CPU seconds", size=14)]
    for decade in range(across[0], across[1] + 1):
        x = _at(10.0**decade, across, LEFT, WIDTH - RIGHT)
        parts.append(_line(x, TOP, x, HEIGHT - BOTTOM))
        parts.append(_text(x, HEIGHT - BOTTOM + 18, f"{10**decade:,}", anchor="middle"))
    for decade in range(up[0], up[1] + 1):
        y = _at(10.0**decade, up, HEIGHT - BOTTOM, TOP)
        parts.append(_line(LEFT, y, WIDTH - RIGHT, y))
        parts.append(_text(LEFT - 8, y + 4, f"{10.0**decade:,g} s", anchor="end"))
    middle = (LEFT + WIDTH - RIGHT) / 2
    label = "pairs of sites; beside a name, its sites"
    return [*parts, _text(middle, HEIGHT - 16, label, anchor="middle")]


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="#d8dde3"/>'


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", size: int = 12, fill: str = "#1f2933"
) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"'
    return f'<text {where} fill="{fill}">{text}</text>'


if __name__ == "__main__":
    sys.exit(main())
