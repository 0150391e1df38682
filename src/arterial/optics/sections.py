"""Light of every directed fibre section: noise, dispersion and PMD, worked out once and kept.

A section runs from ROADM to ROADM; fibre m of the network is section 2 m ridden from a to z, and
2 m + 1 from z to a. GNPy runs in a process of its own, so that nothing here loads it. Where the
length is unknown, nobody described a wet span, or an amplifier cannot make up for a span, the
figures are NaN, ``known`` is False and ``why`` says so: never a guess.
"""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from arterial.errors import SolverError
from arterial.jobs.progress import Report, silent
from arterial.model.network import Network
from arterial.optics.combs import Comb
from arterial.optics.dark import BELOW, NO_COMB, beyond_amplifier, named, no_route
from arterial.optics.line_request import LineRequest, content_hash, line_request
from arterial.optics.load import load_words
from arterial.optics.section_cache import Arrays, cache_file, store, stored, unpacked
from arterial.optics.wet import WetLight, wet_light

__all__ = ["BoolArray", "FloatArray", "Sections", "load_sections", "sections_from"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

DOOR = "arterial.optics.gnpy_door"
STAGE = "light of fibre sections"

_WET: dict[str, Callable[[WetLight], float]] = {
    "noise": lambda light: light.noise,
    "cd": lambda light: light.cd_ps_nm,
    "pmd": lambda light: light.pmd_ps,
}
"""A figure of a wet span, by the name that it has for others."""


@dataclass(frozen=True, kw_only=True)
class Sections:
    """Noise of every directed section under every comb, at full load and start of life.

    M fibres, 2 M directed sections, channels as ``combs[c].centres_thz``. Arrays are read-only.
    """

    combs: tuple[Comb, ...]
    noise: tuple[FloatArray, ...]
    """By comb, float (2M, channels): (ASE + NLI) / signal in the signal's own bandwidth."""
    log_noise: tuple[FloatArray, ...]
    """log1p of ``noise``: sections add up."""
    cd_ps_nm: FloatArray
    """float (2M,): chromatic dispersion, its worst channel."""
    pmd_ps: FloatArray
    """float (2M,): polarisation mode dispersion; squares add up."""
    known: BoolArray
    """bool (M,): False where the light of a fibre is unknown, and its rows are NaN."""
    dark: tuple[str, ...]
    """By fibre: what keeps its light unknown, where ``known`` is False."""
    bands: tuple[str, ...]
    """Bands of the line, ascending in frequency: C, or L and C."""

    @property
    def why(self) -> tuple[str, ...]:
        """By fibre: why its light is unknown; empty where it is known."""
        return tuple(
            "" if known else words for known, words in zip(self.known, self.dark, strict=True)
        )

    @property
    def load_words(self) -> str:
        """Which light the figures are for."""
        return load_words(self.bands)

    def worst_log_noise(self, comb: int) -> FloatArray:
        """``log_noise`` of the worst channel of each band under a comb, float (2M, bands).

        NaN where a section is unknown, or a band has no room for a channel.
        """
        band = np.array(self.combs[comb].band, dtype=np.int64)
        worst = np.full((len(self.cd_ps_nm), len(self.bands)), np.nan)
        for number in range(len(self.bands)):
            if (band == number).any():
                worst[:, number] = self.log_noise[comb][:, band == number].max(axis=1)
        return worst


def load_sections(network: Network, report: Report = silent) -> Sections:
    """Sections of every fibre of a network, lit or not, from the cache or by GNPy.

    Parameters
    ----------
    network
        Fibres of every status count; prices and demands do not.
    report
        Hears of the stage, and of a damaged or unwritable cache.

    Raises
    ------
    SolverError
        GNPy ended without figures; where it names a span, the fibre is named.
    """
    request = line_request(network)
    try:
        arrays = _arrays(request, report) if request.routes and request.combs else {}
    except SolverError as refused:
        raise SolverError(refused.engine, named(refused.status, request, network)) from refused
    dark, wet = no_route(network), wet_light(network)
    return sections_from(request, arrays, fibres=len(network.fibres), dark=dark, wet=wet)


def sections_from(
    request: LineRequest,
    arrays: Arrays,
    *,
    fibres: int,
    dark: Mapping[int, str] | None = None,
    wet: Mapping[int, WetLight] | None = None,
) -> Sections:
    """Figures by route of a request, spread over all fibres of its network.

    Parameters
    ----------
    dark
        By fibre: why it is no route of the request.
    wet
        By fibre that is none: the light of wet spans that somebody described.
    """
    rows = np.array(
        [2 * route.fibre + way for route in request.routes for way in (0, 1)], dtype=np.int64
    )
    figures: dict[str, list[FloatArray]] = {"noise": [], "cd": [], "pmd": []}
    for number, comb in enumerate(request.combs):
        for figure, shape in _shapes(comb, 2 * fibres).items():
            full = np.full(shape, np.nan)
            if len(rows):
                given = arrays[f"{figure}_{number}"]
                full[rows] = np.where(np.isfinite(given), given, np.nan)
            for fibre, light in (wet or {}).items():
                full[2 * fibre : 2 * fibre + 2] = _WET[figure](light)
            figures[figure].append(full)
    noise = tuple(_frozen(values) for values in figures["noise"])
    complete = [np.isfinite(values).all(axis=1) for values in noise]
    lit = np.all(complete, axis=0) if complete else np.zeros(2 * fibres, dtype=np.bool_)
    known = np.logical_and(lit[0::2], lit[1::2])
    known.setflags(write=False)
    why = {**(dark or {}), **beyond_amplifier(request, arrays.get("gain_db"))}
    other = BELOW if request.combs else NO_COMB
    return Sections(
        combs=request.combs,
        noise=noise,
        log_noise=tuple(_frozen(np.log1p(values)) for values in noise),
        cd_ps_nm=_worst(figures["cd"], 2 * fibres),
        pmd_ps=_worst(figures["pmd"], 2 * fibres),
        known=known,
        dark=tuple(why.get(fibre, other) for fibre in range(fibres)),
        bands=("C",) if request.l_band is None else ("L", "C"),
    )


def _arrays(request: LineRequest, report: Report) -> Arrays:
    key = content_hash(request)
    rows = 2 * len(request.routes)
    shapes = {
        f"{figure}_{number}": shape
        for number, comb in enumerate(request.combs)
        for figure, shape in _shapes(comb, rows).items()
    }
    shapes["gain_db"] = (len(request.amplifiers),)
    try:
        found = stored(key, shapes)
    except ValueError as damage:
        report(f"warning: {cache_file(key)} {damage}; working it out again", 0.0, 0.0)
        found = None
    if found is not None:
        return found
    report(STAGE, 0.0, float(rows))
    arrays = _worked_out(request)
    report(STAGE, float(rows), float(rows))
    try:
        store(key, arrays)
    except OSError as full:
        report(f"warning: {cache_file(key)} could not be kept ({full.strerror})", 0.0, 0.0)
    return arrays


def _worked_out(request: LineRequest) -> Arrays:
    """GNPy's figures, from a process of its own: JSON in, npz out, both through pipes."""
    run = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
        [sys.executable, "-m", DOOR],
        input=msgspec.json.encode(request),
        capture_output=True,
        check=False,
    )
    if run.returncode != 0:
        lines = run.stderr.decode(errors="replace").strip().splitlines()
        raise SolverError("GNPy", lines[-1] if lines else f"exit code {run.returncode}")
    try:
        return unpacked(run.stdout)
    except ValueError as damage:
        raise SolverError("GNPy", f"its answer {damage}") from damage


def _shapes(comb: Comb, rows: int) -> dict[str, tuple[int, ...]]:
    return {"noise": (rows, len(comb.centres_thz)), "cd": (rows,), "pmd": (rows,)}


def _worst(values: list[FloatArray], rows: int) -> FloatArray:
    return _frozen(np.max(values, axis=0) if values else np.full(rows, np.nan))


def _frozen(values: FloatArray) -> FloatArray:
    values.setflags(write=False)
    return values
