"""How fast capacity is dimensioned, against the same problem written out as one program for HiGHS.

Small problems of every kind; linear capacity with unrestricted reconfiguration on a generated
network (with --long of germany50's size: 50 sites, 88 links, 662 demands); the plain problem of the
reference network, which has no peer; and, where ARTERIAL_SNDLIB names a folder, SNDlib's networks.
The one program has a limit of time: where it ends by it, its time and the ratio are at least what
is told.
"""

import importlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import numpy as np
from scipy import sparse

from arterial.design.capacity.engine import capacity
from arterial.design.capacity.lane import Lanes, Threads
from arterial.design.capacity.problem import Links, Problem
from arterial.design.capacity.step import Step
from arterial.design.capacity_blocked import left_parted
from arterial.design.capacity_sndlib import sndlib_task
from arterial.errors import ModelError
from arterial.model.imports.sndlib import snd_file
from arterial.model.imports.sndlib_model import asked_model
from arterial.solve.program import FloatArray, IntArray, Program, Rows
from bench.plain import cut_alone, reference
from bench.row import Row

__all__ = ["generated", "run"]

T = TypeVar("T")

SEED = 50
SMALL_SEEDS = range(20)
SIZES = {"middle": (16, 26, 60), "germany50": (50, 88, 662)}
"""Sites, links, demands; the second as SNDlib tells of germany50."""
PEER_LIMIT_S = {"middle": 60.0, "germany50": 600.0}
OWN_LIMIT_S = 300.0
LINEAR_GAP = 1e-4
WHOLE_GAP = 0.005
PLAIN_S = 20.0
MODELS = (
    "U-U-L-N-C-A-N-U",
    "U-U-M-N-C-A-N-N",
    "U-U-E-N-C-A-N-N",
    "D-B-M-N-C-A-N-N",
    "U-U-M-N-C-A-N-U",
)
ORACLE = Path(__file__).parents[1] / "tests" / "design" / "capacity"


def run(*, long: bool = False) -> list[Row]:
    """Rows; with ``long`` at germany50's size too, and SNDlib's own networks."""
    oracle = _oracle("monolith")
    rows = [_small(oracle, _oracle("draws")), _linear(oracle, "middle"), _plain()]
    if long:
        rows += [_linear(oracle, "germany50"), *_own_files()]
    return rows


def generated(sites: int, links: int, demands: int) -> Problem:
    """Linear capacity over a plane network that no link parts, every link cut alone; by one seed.

    Sites by chance on a square; a ring by the angle from its middle, then the shortest further
    links; capacity costs by length; shared directions; demands of 1 to 20 between pairs by chance.
    """
    random = np.random.default_rng(SEED)
    place = random.random((sites, 2))
    ends = _ends(place, links)
    length = np.hypot(*(place[ends[:, 0]] - place[ends[:, 1]]).T)
    pairs = np.stack(np.triu_indices(sites, 1), axis=1)
    pair = pairs[random.choice(len(pairs), min(demands, len(pairs)), replace=False)]
    gbps = random.integers(1, 21, len(pair)).astype(np.float64)
    return _problem(sites, ends, length, pair, gbps)


def _ends(place: FloatArray, links: int) -> IntArray:
    middle = place - place.mean(axis=0)
    round_about = np.argsort(np.arctan2(middle[:, 1], middle[:, 0]))
    ring = {tuple(sorted(pair)) for pair in zip(round_about, np.roll(round_about, -1), strict=True)}
    pairs = np.stack(np.triu_indices(len(place), 1), axis=1)
    length = np.hypot(*(place[pairs[:, 0]] - place[pairs[:, 1]]).T)
    chosen = [tuple(pair) for pair in ring]
    for number in np.argsort(length, kind="stable"):
        if len(chosen) >= links:
            break
        if tuple(pairs[number]) not in ring:
            chosen.append(tuple(pairs[number]))
    return np.array(sorted(chosen), dtype=np.int64)


def _problem(
    sites: int, ends: IntArray, cost: FloatArray, pair: IntArray, gbps: FloatArray
) -> Problem:
    count = len(ends)
    return cut_alone(
        Program(
            cost=cost,
            low=np.zeros(count),
            high=np.full(count, gbps.sum()),
            integer=np.zeros(count, dtype=np.bool_),
            rows=Rows.of([]),
        ),
        Links(
            sites=sites,
            ends=ends,
            base_gbps=np.zeros(count),
            supply=sparse.csr_array(sparse.diags_array(np.ones(count))),
            latency_ms=np.ones(count),
            shared=True,
        ),
        pair,
        gbps,
    )


def _small(oracle: ModuleType, draws: ModuleType) -> Row:
    """All of them together, to the optimum; the costs must agree."""
    problems: list[Problem] = [draws.drawn(seed) for seed in SMALL_SEEDS]
    _last(problems[0], 1e-6)  # compiles
    own_s, found = _timed(lambda: [_last(problem, 1e-6) for problem in problems])
    peer_s, best = _timed(lambda: [oracle.monolith(problem) for problem in problems])
    agree = sum(
        abs(step.cost - answer.cost) <= 1e-5 * max(answer.cost, 1.0)
        for step, answer in zip(found, best, strict=True)
    )
    return Row(
        name=f"capacity: {len(problems)} small problems of every kind",
        own_s=own_s,
        peer_s=peer_s,
        goal="optimal, all",
        met=agree == len(problems),
        note=f"{agree} of {len(problems)} cost what the one program of all cases costs",
    )


def _linear(oracle: ModuleType, size: str) -> Row:
    problem = generated(*SIZES[size])
    limit_s = PEER_LIMIT_S[size]
    own_s, step = _timed(lambda: _last(problem, LINEAR_GAP))
    peer_s, answer = _timed(lambda: oracle.monolith(problem, time_limit_s=limit_s))
    solved = answer.status == "optimal"
    words = f"one program: {answer.cost:.4f}" if solved else f"one program: not in {limit_s:g} s"
    sites, links, demands = SIZES[size]
    return Row(
        name=f"capacity, linear, any link lost: {sites} sites, {links} links, {demands} demands",
        own_s=own_s,
        peer_s=peer_s,
        goal=f"gap <= {LINEAR_GAP:g}",
        met=step.gap <= LINEAR_GAP,
        note=f"{step.cost:.4f}, bound {step.bound:.4f}, round {step.round}; {words}",
    )


def _plain() -> Row:
    """The reference network's fibres as links for whole 400G waves, each cut alone."""
    problem = reference()
    own_s, step = _timed(lambda: _last(problem, WHOLE_GAP, lanes=Threads(problem, at_once=2)))
    return Row(
        name="capacity, whole waves, any fibre lost: 89 sites, 127 links, 113 demands",
        own_s=own_s,
        goal=f"gap <= {WHOLE_GAP:g} in <= {PLAIN_S:g} s",
        met=step.gap <= WHOLE_GAP and own_s <= PLAIN_S,
        note=f"{step.cost:.2f}, bound {step.bound:.2f}, round {step.round}",
    )


def _own_files() -> Iterator[Row]:
    """Networks of the user's SNDlib folder, under models that the core solves."""
    folder = os.environ.get("ARTERIAL_SNDLIB", "")
    paths = sorted(Path(folder).rglob("*")) if folder else []
    for path in paths:
        if path.suffix not in {".txt", ".xml"} or path.parent.name == "models":
            continue
        for model in MODELS:
            yield from _of_file(path, model)


def _of_file(path: Path, model: str) -> Iterator[Row]:
    try:
        task = left_parted(sndlib_task(path, snd_file(path), asked_model(model)))
    except ModelError:
        return  # another kind of file, or a module without capacity
    own_s, step = _timed(lambda: _last(task.problem, WHOLE_GAP, limit_s=OWN_LIMIT_S))
    cost, bound = step.cost + task.constant, step.bound + task.constant
    yield Row(
        name=f"SNDlib {path.stem} {model}",
        own_s=own_s,
        goal=f"gap <= {WHOLE_GAP:g}",
        met=step.gap <= WHOLE_GAP,
        note=f"cost {cost:.2f}, bound {bound:.2f}, {len(task.problem.cases.names)} cases",
    )


def _last(
    problem: Problem, gap: float, *, limit_s: float = float("inf"), lanes: Lanes | None = None
) -> Step:
    """The engine's last step, within the gap or out of time."""
    start_s = time.perf_counter()
    last: Step | None = None
    for step in capacity(problem, gap=gap, lanes=lanes):
        last = step
        if time.perf_counter() - start_s > limit_s:
            break
    assert last is not None
    return last


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start_s = time.perf_counter()
    result = work()
    return time.perf_counter() - start_s, result


def _oracle(name: str) -> ModuleType:
    """The tests' own: one program with every case, and problems by seed."""
    if str(ORACLE) not in sys.path:
        sys.path.insert(0, str(ORACLE))
    return importlib.import_module(name)
