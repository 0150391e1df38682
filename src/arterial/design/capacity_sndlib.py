"""An SNDlib network and model as a capacity problem: what each letter of the model means here.

Refused by name, and never read as something else: routing in whole units or on single paths, lists
of admissible paths, path protection, node hardware. Flow that costs something is held as columns:
where nothing failed a link's capacity is what flows, in every other case also what is left of its
modules beside that (see docs/decisions/0024).
"""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from arterial.design.capacity.problem import FIXED, Cases, Demands, Links, Problem
from arterial.design.capacity_task import Bought, Buying, CapacityTask, failure_cases
from arterial.errors import ModelError
from arterial.errors import Problem as Wrong
from arterial.model.imports.sndlib_file import Module, SndDemand, SndFile, SndLink
from arterial.model.imports.sndlib_model import SndModel
from arterial.model.marks import shown
from arterial.solve.program import IntArray

__all__ = ["sndlib_task"]

HELD = {
    "ROUTING_MODEL": ("CONTINUOUS", "Its bound is one for INTEGER and SINGLE_PATH too"),
    "ADMISSIBLE_PATH_MODEL": ("ALL_PATHS", "Its bound is one for a list of paths too"),
    "NODE_MODEL": ("NO_NODE_HARDWARE", "Nodes cost nothing here"),
}
"""The one value of a property that is solved, and what to say of it."""

SURVIVES = {"NO_SURVIVABILITY": 0, "UNRESTRICTED_FLOW_RECONFIGURATION": 1}
"""Links that fail together."""


def sndlib_task(
    path: Path, file: SndFile, model: SndModel, *, together: int | None = None
) -> CapacityTask:
    """The problem that a network and a model pose.

    Parameters
    ----------
    together
        Links that fail together, 0 to 2; None for what the model says.

    Raises
    ------
    ModelError
        The model asks for what is not solved, or a module has no capacity: all at once.
    """
    problems = [*_refused(model), *_unsound(path, file)]
    if problems:
        raise ModelError(problems)
    if together is None:
        together = SURVIVES[model.of("SURVIVABILITY_MODEL") or "NO_SURVIVABILITY"]
    return _Poser(path, file, model, together).task()


def _refused(model: SndModel) -> Iterator[Wrong]:
    for key, (held, words) in HELD.items():
        said = model.of(key) or held
        if said != held:
            yield Wrong(
                file="--model",
                field=key,
                found=f"{said} is not solved",
                expected=f"Give {held}. {words}",
            )
    said = model.of("SURVIVABILITY_MODEL") or "NO_SURVIVABILITY"
    if said not in SURVIVES:
        yield Wrong(
            file="--model",
            field="SURVIVABILITY_MODEL",
            found=f"{said} is not solved",
            expected="Give UNRESTRICTED_FLOW_RECONFIGURATION: its bound is one for paths that are "
            "protected too",
        )
    if model.of("DEMAND_MODEL") == "UNDIRECTED" and model.of("LINK_MODEL") != "UNDIRECTED":
        yield Wrong(
            file="--model",
            field="LINK_MODEL",
            found=f"demands are UNDIRECTED and links {model.of('LINK_MODEL') or 'not said'}",
            expected="SNDlib has undirected demands on UNDIRECTED links alone",
        )


def _unsound(path: Path, file: SndFile) -> Iterator[Wrong]:
    for link in file.links:
        for module in link.modules:
            if module.capacity <= 0.0:
                yield Wrong(
                    file=str(path),
                    line=link.line,
                    found=f"a module of link '{shown(link.name)}' has no capacity",
                    expected="Give it a capacity above 0",
                )


class _Poser:
    """One file on its way into columns and cases."""

    def __init__(self, path: Path, file: SndFile, model: SndModel, together: int) -> None:
        self._path, self._file, self._model, self._together = path, file, model, together
        self._sites = {node.name: number for number, node in enumerate(file.nodes)}
        self._links = [link for link in file.links if link.source != link.target]
        self._demands = [
            one for one in file.demands if one.source != one.target and one.units * one.value > 0.0
        ]
        self._total = sum(one.units * one.value for one in self._demands)
        self._flow_costs = any(link.routing_cost > 0.0 for link in self._links)
        self._directed = model.of("LINK_MODEL") == "DIRECTED"
        self._shared = model.of("LINK_MODEL") == "UNDIRECTED"
        self._by_arc = self._flow_costs and not self._directed and not self._shared
        """Both directions have the whole capacity, and what flows in each costs something."""
        self._buying = Buying()

    def task(self) -> CapacityTask:
        """All of it."""
        ends, of_link = self._pipes()
        for number, link in enumerate(self._links):
            self._buy(number, link, np.flatnonzero(of_link == number))
        there = np.array([link.preinstalled for link in self._links], dtype=np.float64)
        names = tuple(link.name for link in self._links)
        return CapacityTask(
            name=self._path.stem,
            problem=self._problem(ends, of_link, there, names),
            sites=tuple(self._sites),
            links=names,
            ends=np.array(
                [(self._sites[one.source], self._sites[one.target]) for one in self._links],
                dtype=np.int64,
            ).reshape(-1, 2),
            of_link=of_link,
            there_gbps=there,
            demands=tuple(one.name for one in self._demands),
            bought=self._buying.bought,
            constant=self._constant(),
            notes=tuple(self._notes()),
        )

    def _pipes(self) -> tuple[IntArray, IntArray]:
        """Ends of the problem's links, (L, 2), and the file's link of each, (L,)."""
        ends: list[tuple[int, int]] = []
        of_link: list[int] = []
        for number, link in enumerate(self._links):
            a, z = self._sites[link.source], self._sites[link.target]
            pipes = [(a, z), (z, a)] if self._by_arc else [(a, z)]
            ends += pipes
            of_link += [number] * len(pipes)
        shaped = np.array(ends, dtype=np.int64).reshape(-1, 2)
        return shaped, np.array(of_link, dtype=np.int64)

    def _problem(
        self, ends: IntArray, of_link: IntArray, there: np.ndarray, links: tuple[str, ...]
    ) -> Problem:
        names, alive = failure_cases(links, of_link, together=self._together)
        asked = np.array([one.units * one.value for one in self._demands], dtype=np.float64)
        later = np.arange(len(names)) > 0
        one_way = np.full(len(of_link), self._directed or self._by_arc)
        base = np.zeros(len(of_link)) if self._flow_costs else there[of_link]
        return Problem(
            program=self._buying.program(),
            links=Links(
                sites=len(self._sites),
                ends=ends,
                base_gbps=base,
                supply=self._buying.supply(len(of_link)),
                latency_ms=np.ones(len(of_link)),
                shared=self._shared,
                one_way=one_way if one_way.any() else None,
            ),
            demands=Demands(
                source=self._numbers("source"),
                target=self._numbers("target"),
                limit_ms=np.array([self._hops(one) for one in self._demands], dtype=np.float64),
                scaled_by=np.full(len(self._demands), FIXED, dtype=np.int64),
            ),
            cases=Cases(
                names=names,
                alive=alive,
                usable=np.ones(len(names)),
                gbps=np.tile(asked, (len(names), 1)),
                # What is left beside the flow of the first case counts in all others.
                stage=(later & self._flow_costs).astype(np.int64),
            ),
            stage=self._buying.stages(),
        )

    def _numbers(self, end: str) -> IntArray:
        names = (getattr(one, end) for one in self._demands)
        return np.array([self._sites[name] for name in names], dtype=np.int64)

    def _hops(self, demand: SndDemand) -> float:
        held = self._model.of("HOP_LIMIT_MODEL") == "INDIVIDUAL_HOP_LIMITS"
        return demand.hops if held and demand.hops is not None else math.inf

    def _buy(self, number: int, link: SndLink, pipes: IntArray) -> None:
        """Columns of one link: modules, the right to use it, and what flows where that costs."""
        kind = self._model.of("LINK_CAPACITY_MODEL") or "MODULAR_LINK_CAPACITIES"
        linear, explicit = kind == "LINEAR_LINK_CAPACITIES", kind == "EXPLICIT_LINK_CAPACITIES"
        columns: list[tuple[int, Module, float]] = []
        for module in _on_offer(link, kind):
            most = 1.0 if explicit else self._total / module.capacity
            high = most if linear else math.ceil(most)
            column = self._buying.column(
                Bought(number, "capacity" if linear else "module", module.capacity, module.cost),
                high=high,
                integer=not linear,
                supply=() if self._flow_costs else [(int(pipe), module.capacity) for pipe in pipes],
            )
            columns.append((column, module, high))
        if explicit and len(columns) > 1:
            self._buying.row([(column, 1.0) for column, _, _ in columns], -math.inf, 1.0)
        if self._charged(link) and not link.preinstalled:
            used = self._buying.column(Bought(number, "setup", 0.0, link.setup_cost), high=1.0)
            for column, _, high in columns:
                self._buying.row([(column, 1.0), (used, -high)], -math.inf, 0.0)
        if self._flow_costs:
            for pipe in pipes:
                self._let_flow(number, link, int(pipe), columns)

    def _let_flow(
        self, number: int, link: SndLink, pipe: int, columns: list[tuple[int, Module, float]]
    ) -> None:
        """Flow of the first case, and what is left of the capacity for the others."""
        kinds = (
            (Bought(number, "flow", 0.0, link.routing_cost), 0),
            (Bought(number, "spare", 0.0, 0.0), 1),
        )
        flow, spare = (
            self._buying.column(
                bought,
                high=self._total + link.preinstalled,
                integer=False,
                stage=stage,
                supply=[(pipe, 1.0)],
            )
            for bought, stage in kinds
        )
        bought = [(column, -module.capacity) for column, module, _ in columns]
        self._buying.row([(flow, 1.0), (spare, 1.0), *bought], -math.inf, link.preinstalled)

    def _charged(self, link: SndLink) -> bool:
        return self._model.of("FIXED_CHARGE_MODEL") == "YES" and link.setup_cost > 0.0

    def _constant(self) -> float:
        """Capacity that stands already is paid for in every answer, and so is its link's use."""
        there = [link for link in self._links if link.preinstalled]
        charges = [link.setup_cost for link in there if self._charged(link)]
        return math.fsum([*charges, *(link.preinstalled_cost for link in there)])

    def _notes(self) -> Iterator[str]:
        yield "numbers are the file's own: its 1 is written as 1 Gb/s, costs have no currency"
        kind = self._model.of("LINK_CAPACITY_MODEL")
        if kind == "LINEAR_LINK_CAPACITIES":
            yield (
                "ASSUMPTION: linear capacity is parts of any size of the module that costs least "
                "for its capacity"
            )
        if self._flow_costs:
            yield "what flows where nothing failed costs the file's routing cost"
        left = [one for one in self._file.demands if one not in self._demands]
        if left:
            yield f"left out: {len(left)} demands of nothing or from a node to itself"
        loops = len(self._file.links) - len(self._links)
        if loops:
            yield f"left out: {loops} links from a node to itself"
        limited = sum(one.hops is not None for one in self._demands)
        if limited and self._model.of("HOP_LIMIT_MODEL") != "INDIVIDUAL_HOP_LIMITS":
            yield f"hop limits of {limited} demands are ignored, as the model says"
        if self._file.restricted:
            yield f"lists of paths of {self._file.restricted} demands are ignored, by the model"


def _on_offer(link: SndLink, kind: str) -> tuple[Module, ...]:
    """Modules of a link that the capacity model lets one buy."""
    if not link.modules:
        return ()
    if kind == "SINGLE_MODULAR_CAPACITIES":
        return (min(link.modules, key=lambda one: (one.capacity, one.cost)),)
    if kind == "LINEAR_LINK_CAPACITIES":
        return (min(link.modules, key=lambda one: (one.cost / one.capacity, one.capacity)),)
    return link.modules
