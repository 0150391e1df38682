"""The one door to GNPy: a line system in, the noise of every section out.

Runs as a process of its own, ``python -m arterial.optics.gnpy_door``: the request as JSON on stdin,
an npz archive on stdout, so that importing Arterial never loads GNPy and a full disk cannot stop
the physics. GNPy designs the amplified line once; each directed ROADM-to-ROADM section is then
propagated alone, once a comb, at full load. Subsea routes never come here: this is a terrestrial
line.
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
from gnpy.core.elements import Edfa, Fiber, Roadm, Transceiver
from gnpy.core.info import SpectralInformation
from gnpy.core.utils import dbm2watt
from gnpy.tools.json_io import DEFAULT_EQPT_CONFIG, load_eqpt_topo_from_json, load_json
from gnpy.tools.worker_utils import designed_network
from gnpy.topology.request import PathRequest, propagate
from networkx import DiGraph
from numpy.typing import NDArray

from arterial.optics.combs import Comb
from arterial.optics.line_request import LineRequest
from arterial.optics.line_topology import (
    LAUNCH_DBM,
    ROLL_OFF,
    equipment_library,
    span_uid,
    topology,
    transceiver_uid,
)

__all__ = ["Line", "designed_line", "main", "propagated", "section_figures", "terminated"]

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
    library = equipment_library(request, load_json(DEFAULT_EQPT_CONFIG))
    equipment, graph = load_eqpt_topo_from_json(library, topology(request))
    if request.amplifier not in equipment["Edfa"]:
        known = ", ".join(sorted(equipment["Edfa"]))
        raise ValueError(f"GNPy knows no amplifier '{request.amplifier}', only {known}")
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


def propagated(line: Line, path: Sequence[Any], comb: Comb) -> SpectralInformation:
    """GNPy's spectrum at the end of ``path`` (transceiver to transceiver) under a full comb.

    ``propagate`` lowers the gain of a saturated amplifier for good: gains are put back after it.
    """
    gains = [(element, element.effective_gain) for element in path if isinstance(element, Edfa)]
    try:
        return propagate(path, _full_load(line.request, comb), line.equipment)
    finally:
        for element, gain in gains:
            element.effective_gain = gain


def terminated(line: Line, ways: Sequence[tuple[int, int]]) -> list[Any]:
    """The elements of a route over directed sections, with a transceiver at each end."""
    (first, outward), (last, inward) = ways[0], ways[-1]
    head, tail = line.request.routes[first], line.request.routes[last]
    elements = [line.transceivers[(head.a, head.z)[outward]]]
    for way in ways:
        elements.extend(line.sections[way][:-1])
    elements.append(line.sections[ways[-1]][-1])
    return [*elements, line.transceivers[(tail.z, tail.a)[inward]]]


def section_figures(line: Line, comb: Comb) -> dict[str, FloatArray]:
    """Noise, CD and PMD of every directed section under one comb.

    Returns
    -------
    dict
        ``noise`` float (2 routes, channels): (ASE + NLI) / signal within the signal's bandwidth;
        ``cd`` float (2 routes,), ps/nm and ``pmd`` float (2 routes,), ps: of the worst channel.
        Row 2 r is route r from a to z, row 2 r + 1 from z to a.
        Noise is NaN where light reaches the far ROADM below its target: what a further section
        adds would then depend on this one, and the product rule does not hold.
    """
    rows = 2 * len(line.request.routes)
    noise = np.empty((rows, len(comb.centres_thz)))
    cd, pmd = np.empty(rows), np.empty(rows)
    target_w = line.request.psd_mw_per_ghz * comb.baud_gbd * 1e-3
    alike: dict[tuple[Any, ...], int] = {}
    for (number, way), chain in line.sections.items():
        row = 2 * number + way
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
        (
            element.params.type_variety,
            element.effective_gain,
            element.tilt_target,
            element.in_voa,
            element.out_voa,
        )
        if isinstance(element, Edfa)
        else (element.type_variety, element.params.length, element.loss, element.params.att_in)
        for element in chain[1:-1]
    )


def _full_load(request: LineRequest, comb: Comb) -> PathRequest:
    slot_hz = comb.slot_ghz * 1e9
    before_hz = comb.centres_thz[0] * 1e12 - slot_hz  # GNPy's first channel is one slot above f_min
    return PathRequest(
        request_id=comb.name,
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
        baud_rate=comb.baud_gbd * 1e9,
        roll_off=ROLL_OFF,
        tx_osnr=request.tx_osnr_db,
        min_spacing=slot_hz,
        spacing=slot_hz,
        f_min=before_hz,
        f_max=before_hz + (len(comb.centres_thz) + 0.5) * slot_hz,
        nb_channel=len(comb.centres_thz),
        power=dbm2watt(LAUNCH_DBM),
        tx_power=dbm2watt(LAUNCH_DBM),
        cost=0,
        bit_rate=0,
        OSNR=None,
        penalties={},
        offset_db=0,
        equalization_offset_db=0,
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
