"""The one door to GNPy: a line system in, the noise of every section out.

Runs as a process of its own, ``python -m arterial.optics.gnpy_door``: the request as JSON on stdin,
an npz archive on stdout, so that importing Arterial never loads GNPy and a full disk cannot stop
the physics. GNPy designs the amplified line once; each directed ROADM-to-ROADM section is then
propagated alone, once a comb, at full load of every band. Subsea routes never come here: this is a
terrestrial line. A route whose spans lose more than the amplifiers can make up for gets no figures.
"""

# GNPy has no types of its own: its elements come through this door untyped, and leave as arrays.
# pyright: reportAny=false, reportExplicitAny=false

import io
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from gnpy.core.elements import Edfa, Fiber, Multiband_amplifier, Roadm, Transceiver
from gnpy.core.info import SpectralInformation
from gnpy.tools.json_io import DEFAULT_EQPT_CONFIG, load_eqpt_topo_from_json, load_json
from gnpy.tools.worker_utils import designed_network
from gnpy.topology.request import propagate
from networkx import DiGraph
from numpy.typing import NDArray

from arterial.optics.combs import Channel, Comb
from arterial.optics.gnpy_load import full_load, listed_load, set_physics, spans_solved_once
from arterial.optics.line_request import LineRequest, span_loss_db
from arterial.optics.line_topology import (
    equipment_library,
    span_uid,
    topology,
    transceiver_uid,
)

__all__ = [
    "Line",
    "designed_line",
    "largest_gains_db",
    "main",
    "propagated",
    "section_figures",
    "terminated",
]

MULTIBAND = DEFAULT_EQPT_CONFIG.with_name("eqpt_config_multiband.json")

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A designed line system."""

    request: LineRequest
    equipment: dict[str, Any]
    sections: dict[tuple[int, int], list[Any]]
    """Elements from ROADM to ROADM, both in, by route number in the request and way (0: a to z)."""
    transceivers: dict[int, Any]
    """By site index."""


def designed_line(request: LineRequest) -> Line:
    """Let GNPy place and set the amplifiers of every route of the request."""
    set_physics(request)
    examples = load_json(DEFAULT_EQPT_CONFIG), load_json(MULTIBAND)
    library = equipment_library(request, *examples)
    _check_amplifiers(request, library["Edfa"])
    equipment, graph = load_eqpt_topo_from_json(library, topology(request))
    _check_bands(request, equipment["Edfa"])
    with spans_solved_once():
        graph, _, _ = designed_network(equipment, graph)
    spans = {node.uid: node for node in graph.nodes if isinstance(node, Fiber)}
    terminals = {node.uid: node for node in graph.nodes if isinstance(node, Transceiver)}
    return Line(
        request=request,
        equipment=equipment,
        sections={
            (number, way): _chain(graph, spans[span_uid(number, way, 0)])
            for number in range(len(request.routes))
            for way in (0, 1)
        },
        transceivers={
            site: terminals[transceiver_uid(site)]
            for route in request.routes
            for site in (route.a, route.z)
        },
    )


def propagated(
    line: Line, path: Sequence[Any], light: Comb | Sequence[Channel]
) -> SpectralInformation:
    """GNPy's spectrum at the end of ``path`` (transceiver to transceiver) under some light.

    ``propagate`` lowers the gain of a saturated amplifier for good: gains are put back after it.
    """
    set_physics(line.request)
    gains = [(stage, stage.effective_gain) for element in path for stage in _stages(element)]
    request = line.request
    load = full_load(request, light) if isinstance(light, Comb) else listed_load(request, light)
    try:
        return propagate(path, load, line.equipment)
    finally:
        for stage, gain in gains:
            stage.effective_gain = gain


def terminated(line: Line, ways: Sequence[tuple[int, int]]) -> list[Any]:
    """The elements of a route over directed sections, with a transceiver at each end."""
    (first, outward), (last, inward) = ways[0], ways[-1]
    head, tail = line.request.routes[first], line.request.routes[last]
    elements = [line.transceivers[(head.a, head.z)[outward]]]
    for way in ways:
        elements.extend(line.sections[way][:-1])
    elements.append(line.sections[ways[-1]][-1])
    return [*elements, line.transceivers[(tail.z, tail.a)[inward]]]


def largest_gains_db(line: Line) -> FloatArray:
    """What the amplifier of each band gains at most as GNPy designs with it, float (bands,), dB.

    That is its flat gain and the extended gain of GNPy's example; GNPy would place it for more as
    well, and let the power fall.
    """
    beyond_db = line.equipment["Span"]["default"].target_extended_gain
    amplifiers = line.equipment["Edfa"]
    return np.array([amplifiers[name].gain_flatmax + beyond_db for name in line.request.amplifiers])


def section_figures(line: Line, comb: Comb) -> dict[str, FloatArray]:
    """Noise, CD and PMD of every directed section under one comb.

    Returns
    -------
    dict
        ``noise`` float (2 routes, channels): (ASE + NLI) / signal within the signal's bandwidth;
        ``cd`` float (2 routes,), ps/nm and ``pmd`` float (2 routes,), ps: of the worst channel.
        Row 2 r is route r from a to z, row 2 r + 1 from z to a.
        Noise is NaN where light reaches the far ROADM below its target: what a further section
        adds would then depend on this one, and the product rule does not hold. All three are NaN
        where a span loses more than an amplifier can gain.
    """
    rows = 2 * len(line.request.routes)
    noise = np.full((rows, len(comb.centres_thz)), np.nan)
    cd, pmd = np.full(rows, np.nan), np.full(rows, np.nan)
    most_db = float(largest_gains_db(line).min())
    target_w = line.request.psd_mw_per_ghz * comb.baud_gbd * 1e-3
    alike: dict[tuple[Any, ...], int] = {}
    for (number, way), chain in line.sections.items():
        row = 2 * number + way
        if span_loss_db(line.request, line.request.routes[number]) > most_db:
            continue
        same = alike.setdefault(_build(chain), row)
        if same < row:
            noise[row], cd[row], pmd[row] = noise[same], cd[same], pmd[same]
            continue
        spectrum = propagated(line, terminated(line, [(number, way)]), comb)
        if len(spectrum.frequency) != len(comb.centres_thz):
            raise ValueError(f"amplifiers carry {len(spectrum.frequency)} channels of {comb.name}")
        reached = spectrum.pch.min() >= target_w * (1 - 1e-9)
        noise[row] = (spectrum.ase + spectrum.nli) / spectrum.signal if reached else np.nan
        cd[row] = np.abs(spectrum.chromatic_dispersion).max() * 1e3
        pmd[row] = spectrum.pmd.max() * 1e12
    return {"noise": noise, "cd": cd, "pmd": pmd}


def _build(chain: Sequence[Any]) -> tuple[Any, ...]:
    """What tells one designed section from another: those built alike carry light alike."""
    return tuple(
        tuple(
            (
                stage.params.type_variety,
                stage.effective_gain,
                stage.tilt_target,
                stage.in_voa,
                stage.out_voa,
            )
            for stage in stages
        )
        if (stages := _stages(element))
        else (element.type_variety, element.params.length, element.loss, element.params.att_in)
        for element in chain[1:-1]
    )


def _stages(element: Any) -> tuple[Edfa, ...]:  # noqa: ANN401 - an element of any kind
    """The amplifiers in an element, one a band; none in what is no amplifier."""
    if isinstance(element, Multiband_amplifier):
        return tuple(element.amplifiers.values())
    return (element,) if isinstance(element, Edfa) else ()


def _check_amplifiers(request: LineRequest, library: Sequence[dict[str, Any]]) -> None:
    single = {each["type_variety"] for each in library if each["type_def"] != "multi_band"}
    for name in request.amplifiers:
        if name not in single:
            known = ", ".join(sorted(single))
            raise ValueError(f"GNPy knows no amplifier '{name}', only {known}")


def _check_bands(request: LineRequest, amplifiers: dict[str, Any]) -> None:
    """GNPy itself would put an amplifier of another kind where the named one lacks the band."""
    l_band = request.l_band
    ends = [(l_band.f_min_thz, l_band.f_max_thz)] if l_band is not None else []
    ends.append((request.f_min_thz, request.f_max_thz))
    for name, (low_thz, high_thz) in zip(request.amplifiers, ends, strict=True):
        amplifier = amplifiers[name]
        if amplifier.f_min > low_thz * 1e12 or amplifier.f_max < high_thz * 1e12:
            raise ValueError(
                f"amplifier '{name}' carries {amplifier.f_min / 1e12:g} to "
                f"{amplifier.f_max / 1e12:g} THz, not {low_thz:g} to {high_thz:g}"
            )


def _chain(graph: "DiGraph[Any]", fiber: Fiber) -> list[Any]:
    """The elements from the ROADM before ``fiber`` to the one after it, amplifiers included."""
    chain: list[Any] = [fiber]
    while not isinstance(chain[0], Roadm):
        chain.insert(0, next(iter(graph.predecessors(chain[0]))))
    while not isinstance(chain[-1], Roadm):
        chain.append(next(iter(graph.successors(chain[-1]))))
    return chain


def main() -> int:
    """Read a request from stdin, write its figures to stdout as npz; failures go to stderr."""
    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # what GNPy prints must not land in the archive
    logging.disable(logging.ERROR)
    try:
        request = msgspec.json.decode(sys.stdin.buffer.read(), type=LineRequest)
        line = designed_line(request)
        arrays = {
            f"{figure}_{number}": values
            for number, comb in enumerate(request.combs)
            for figure, values in section_figures(line, comb).items()
        }
        arrays["gain_db"] = largest_gains_db(line)
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets the reason
        sys.stderr.write(f"{type(error).__name__}: {' '.join(str(error).split())}\n")
        return 1
    archive = io.BytesIO()
    np.savez(archive, allow_pickle=False, **arrays)
    out.write(archive.getvalue())
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
