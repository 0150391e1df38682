"""What `capacity` is asked about: an SNDlib file with its model, or links of a network folder."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
from msgspec import Struct, structs

from arterial.design.capacity_blocked import left_parted
from arterial.design.capacity_links import links_task, offer_of
from arterial.design.capacity_sndlib import sndlib_task
from arterial.design.capacity_task import CapacityTask
from arterial.errors import ModelError, Problem
from arterial.fabric.ip import fibre_fabric
from arterial.model.imports.sndlib import snd_file
from arterial.model.imports.sndlib_model import LETTERS, asked_model
from arterial.model.network import Network
from arterial.solve.program import FloatArray
from arterial.study.cases import asked_cases, misused
from arterial.study.scene import FIBRE_GBPS, Scene, scene
from arterial.units import great_circle_km

__all__ = ["Source", "task_of"]

TOGETHER = {"none": 0, "fibre": 1, "fibre2": 2}
"""Links of an SNDlib file that fail at once; alone or two at a time."""


class Source(Struct, frozen=True, kw_only=True):
    """Where a problem comes from, beside its file or folder."""

    model: str = ""
    """Of an SNDlib file: a model file, or its letters."""
    modules: tuple[str, ...] = ()
    """Of a network: GBPS:COST, or GBPS:COST+COST/km."""
    failures: str = ""
    """Empty: as the model says; ``fibre`` for a network."""
    load: str = ""
    demands: Path | None = None
    keep: bool = False
    """Links of a network have the capacity that stands already."""
    leave_parted: bool = False
    """A failure case asks for nothing that no candidate could carry in it."""


def task_of(place: Path, source: Source) -> CapacityTask:
    """The problem that a file or folder poses.

    Raises
    ------
    ModelError
        A file is wrong, or an option does not fit.
    DamagedError
        A plan is cut or changed.
    InfeasibleError
        A market of a load has no edge within its class's round trip.
    """
    if not place.exists():
        found, expected = "there is no such file or folder", "Give one that exists"
        raise ModelError([Problem(file=str(place), found=found, expected=expected)])
    task = _of_folder(place, source) if place.is_dir() else _of_file(place, source)
    if not len(task.links):
        raise misused(str(place), "there are no links to buy capacity for", "Give it some")
    if not task.demands:
        raise misused(str(place), "nothing is asked for", "Give it a demand between two sites")
    return left_parted(task) if source.leave_parted else task


def _of_file(place: Path, source: Source) -> CapacityTask:
    if source.modules:
        found = "an SNDlib file names its own modules"
        raise misused("--module", found, "Leave the option out, or import the file as a network")
    if source.load or source.demands or source.keep:
        found = "an SNDlib file has its own demands and capacities"
        raise misused("--load, --demands, --keep", found, "Leave these options out")
    if not source.model:
        order = "-".join("/".join(values) for _, values in LETTERS)
        found = "an SNDlib file says little without its model"
        expected = f"Give a model file, or its letters {order}, as U-U-M-N-C-A-N-N"
        raise misused("--model", found, expected)
    if source.failures and source.failures not in TOGETHER:
        found = f"'{source.failures}' is no set of failures of an SNDlib file"
        raise misused("--failures", found, f"Give {', '.join(TOGETHER)}, or leave it to the model")
    together = TOGETHER.get(source.failures)
    return sndlib_task(place, snd_file(place), asked_model(source.model), together=together)


def _of_folder(place: Path, source: Source) -> CapacityTask:
    if source.model:
        raise misused("--model", "a network folder has no SNDlib model", "Leave the option out")
    if not source.modules:
        found = "a network folder names no module to buy for its links"
        raise misused("--module", found, "Give GBPS:COST or GBPS:COST+COST/km, as 400:10+0.02/km")
    offers = [offer_of(text) for text in source.modules]
    seen = scene(place, load=source.load, demand_file=source.demands)
    note: tuple[str, ...] = ()
    if seen.plan is None and not seen.network.links:
        if source.keep:
            raise misused("--keep", "the network has no links that stand", "Leave the option out")
        seen = _over_all_fibres(seen)
        note = ("candidates are all fibres, also those for lease and those still to be built",)
    asked = source.failures or "fibre"
    task = links_task(
        seen.network.name,
        seen.ip,
        seen.traffic,
        None if asked == "none" else asked_cases(seen, asked),
        offers,
        router_ms=seen.network.latency.router_ms,
        length_km=_lengths(seen.network, seen.ip.links),
        direct_km=_direct_km(seen.network),
        keep=source.keep,
    )
    return replace(task, notes=(*note, *task.notes))


def _over_all_fibres(seen: Scene) -> Scene:
    """The same traffic over links that ride any fibre, in hand or not."""
    fibres = (structs.replace(fibre, status="existing") for fibre in seen.network.fibres)
    network = structs.replace(seen.network, fibres=tuple(fibres))
    return replace(seen, ip=fibre_fabric(network, FIBRE_GBPS))


def _lengths(network: Network, links: tuple[str, ...]) -> FloatArray:
    known = {route.name: route.length_km for route in (*network.fibres, *network.links)}
    return np.array(
        [math.nan if (km := known.get(link)) is None else km for link in links], dtype=np.float64
    )


def _direct_km(network: Network) -> FloatArray:
    """Great circle between sites, (N, N); NaN where one has no place."""
    sites = network.sites
    direct = np.full((len(sites), len(sites)), math.nan)
    placed = [
        (number, site.lat, site.lon)
        for number, site in enumerate(sites)
        if site.lat is not None and site.lon is not None
    ]
    for one, lat_a, lon_a in placed:
        for other, lat_z, lon_z in placed:
            direct[one, other] = great_circle_km(lat_a, lon_a, lat_z, lon_z)
    return direct
