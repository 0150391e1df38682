"""``shapes``: the same demands on hub and spoke, rings, a free design and the user's own network.

Each shape is a plan in a folder of its own, designed by the one engine on the links that the shape
allows, proved against the whole policy, and set beside the others.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from arterial.design.engine import Ask
from arterial.design.ground import Ground, ground_of
from arterial.design.rings import lap_rtt_ms
from arterial.design.shape import Shape
from arterial.design.shape_cuts import Cannot, cannot, links_of
from arterial.design.spokes import Weigh
from arterial.errors import InfeasibleError, ModelError, Problem, SolverError, in_one_line
from arterial.jobs.files import write_atomically
from arterial.jobs.progress import Report, silent
from arterial.model.network import Network
from arterial.model.reader import NETWORK_FILE, load_network
from arterial.plan.store import read_plan, read_proof, write_plan
from arterial.plan.verdict import Verdict
from arterial.report.shapes import shapes_svg
from arterial.study import design as designing
from arterial.study.own_links import own_links
from arterial.study.prove import prove
from arterial.study.shape_answer import ShapeFigures, figures_of, no_figures
from arterial.study.shape_design import design_shape
from arterial.study.shape_picture import charts_of, panels_of
from arterial.study.shape_set import (
    OWN,
    HubFigures,
    RingFigures,
    ShapeSet,
    hub_figures,
    ring_figures,
)
from arterial.study.shape_table import losses_csv, shapes_csv
from arterial.study.stopwatch import Stopwatch

__all__ = ["FREE", "LOSSES", "Question", "ShapeFigures", "Shaped", "shapes"]

FREE = "free"
LOSSES = "criticality.csv"

_Refusal = (InfeasibleError, SolverError)


class Question(Struct, frozen=True, kw_only=True):
    """What is compared."""

    load: str = ""
    """Empty asks for the network's first load."""
    hubs: int = 3
    weigh: Weigh = "people"
    rings: int = 0
    """Regional rings; 1 is one ring, 0 one unless it is too long."""
    own: Path | None = None
    """A plan's folder, or a table of links."""
    bare: bool = False
    """Shapes that cannot meet the policy are designed for the state without failure."""
    gap: float = 0.08
    rounds: int = 6
    bound_rounds: int = 1
    seed: int = 0


class Shaped(Struct, frozen=True, kw_only=True):
    """Shapes side by side."""

    network: str
    load: str
    folder: str
    verdict: Verdict
    """Of the free design; refuted where there is none."""
    demands: int
    """Of the free design; elsewhere answers come from other sites."""
    hubs: HubFigures | None
    rings: RingFigures | None
    shapes: tuple[ShapeFigures, ...]
    table: str
    picture: str
    seconds: float
    notes: tuple[str, ...]


def shapes(
    network_folder: Path,
    folder: Path,
    question: Question,
    *,
    table: Path | None = None,
    picture: Path | None = None,
    report: Report = silent,
) -> Shaped:
    """Design, prove and compare.

    Parameters
    ----------
    folder
        Each shape's plan and proof go into a folder below it.
    table
        CSV file: a row a shape.
    picture
        SVG file: a map a shape, and bars.

    Raises
    ------
    ModelError
        The description is wrong, holds no fibre or no such load, or the own network fits none.
    DamagedError
        The own plan was cut or changed.
    InterruptedRunError
        The user stopped it; shapes that were designed stand.
    """
    watch = Stopwatch(report)
    network = load_network(network_folder)
    place = str(network_folder / NETWORK_FILE)
    if not network.fibres:
        raise _misfit(place, "fibres", "there is no fibre", "Shapes are laid over fibres: add some")
    load = question.load or (network.loads[0].name if network.loads else "")
    pairs = _own_pairs(question, network)
    run = _Run(network, ground_of(network), folder, load, question, watch)
    rows = [*run.compared(network_folder, pairs)]
    write_atomically(folder / LOSSES, losses_csv(rows).encode())
    if table is not None:
        write_atomically(table, shapes_csv(rows).encode())
    if picture is not None:
        title = f"{network.title or network.name}: one load, {len(rows)} shapes"
        drawn = [(row, read_plan(Path(row.plan))) for row in rows if row.plan]
        write_atomically(picture, shapes_svg(title, panels_of(drawn), charts_of(rows)).encode())
    return Shaped(
        network=network.name,
        load=load,
        folder=str(folder),
        verdict=rows[-1].verdict if rows[-1].plan else "refuted",
        demands=run.demands,
        hubs=run.hubs,
        rings=run.rings,
        shapes=tuple(rows),
        table=str(table or ""),
        picture=str(picture or ""),
        seconds=round(watch.elapsed_s, 3),
        notes=tuple(run.notes),
    )


class _Run:
    """One comparison: what is known to all of its shapes."""

    def __init__(
        self,
        network: Network,
        ground: Ground,
        folder: Path,
        load: str,
        question: Question,
        watch: Stopwatch,
    ) -> None:
        self._network = network
        self._ground = ground
        self._folder = folder
        self._load = load
        self._question = question
        self._watch = watch
        self.demands = 0
        self.hubs: HubFigures | None = None
        self.rings: RingFigures | None = None
        self.notes: list[str] = []

    def compared(
        self, network_folder: Path, pairs: tuple[tuple[str, str], ...]
    ) -> Iterator[ShapeFigures]:
        """Hub and spoke, rings, own, free: in this order, the free design made first."""
        free, edges = self._free(network_folder)
        made = ShapeSet(self._ground, self._load, edges)
        for name, make in (*self._hubbed(made), *self._ringed(made)):
            yield self._shape(name, make)
        if pairs:
            yield self._shape(OWN, lambda: made.own(pairs))
        elif self._question.own is not None:
            yield self._own_plan(self._question.own)
        yield free

    def _free(self, network_folder: Path) -> tuple[ShapeFigures, list[int]]:
        """The free design, and the edges that it opens."""
        asked = self._question
        question = designing.Question(
            load=self._load,
            gap=asked.gap,
            rounds=asked.rounds,
            bound_rounds=asked.bound_rounds,
            seed=asked.seed,
        )
        place = self._folder / FREE
        self._watch(f"{FREE}: the whole policy", 0, 1)
        try:
            designing.design(network_folder, place, question, report=self._watch)
        except _Refusal as error:
            standing = [site.name for site in self._network.sites if "edge" in site.roles]
            edges = [self._ground.site_index[name] for name in standing]
            return no_figures(FREE, (in_one_line(error),)), edges
        plan = read_plan(place)
        self.demands = len(plan.demands)
        names = {edge for row in plan.replicas for edge in (row.edge, row.failover)}
        edges = sorted(self._ground.site_index[name] for name in names)
        return self._proved(FREE, ("the whole policy", ())), edges

    def _hubbed(self, made: ShapeSet) -> Iterator[tuple[str, Callable[[], Shape]]]:
        asked = self._question
        try:
            hubs = made.hubs(asked.hubs, asked.weigh)
        except _Refusal as error:
            self.notes.append(f"no hub and spoke: {in_one_line(error)}")
            return
        self.hubs = hub_figures(self._ground, hubs, asked.weigh)
        yield from made.spokes(hubs)

    def _ringed(self, made: ShapeSet) -> Iterator[tuple[str, Callable[[], Shape]]]:
        self._watch("tours", 0, 1)
        try:
            one, found = made.rings(self._question.rings, self._question.hubs)
        except _Refusal as error:
            self.notes.append(f"no ring: {in_one_line(error)}")
            return
        self.rings = ring_figures(found, lap_rtt_ms(self._ground, one.km / 2.0))
        yield found.shape.name, lambda: found.shape

    def _shape(self, name: str, make: Callable[[], Shape]) -> ShapeFigures:
        asked = self._question
        ask = Ask(
            load=self._load,
            gap=asked.gap,
            rounds=asked.rounds,
            bound_rounds=asked.bound_rounds,
            seed=asked.seed,
        )
        watch = Stopwatch(self._watch)
        try:
            shape = make()
        except _Refusal as error:
            return no_figures(name, (in_one_line(error),))
        built = design_shape(self._network, ask, shape, bare=asked.bare, report=watch)
        if built.plan is None:
            return no_figures(name, built.refused)
        write_plan(built.plan, self._folder / name, watch.facts())
        return self._proved(name, (built.designed_for, built.refused), built.cannot)

    def _own_plan(self, place: Path) -> ShapeFigures:
        plan = read_plan(place)
        if plan.network.name != self._network.name:
            self.notes.append(f"the own plan is of another network, '{plan.network.name}'")
        if plan.load != self._load:
            self.notes.append(f"the own plan carries load '{plan.load}', not '{self._load}'")
        write_plan(plan, self._folder / OWN)
        lost = cannot(plan.network, links_of(plan), plan.demands, plan.replicas)
        return self._proved(OWN, ("as it stands", ()), lost)

    def _proved(
        self, name: str, designed: tuple[str, tuple[str, ...]], lost: Cannot | None = None
    ) -> ShapeFigures:
        place = self._folder / name
        prove(place, report=self._watch)
        self._watch(f"{name}: criticality", 0, 1)
        plan, proof = read_plan(place), read_proof(place)
        return figures_of(name, str(place), plan, proof, designed, lost)


def _own_pairs(question: Question, network: Network) -> tuple[tuple[str, str], ...]:
    if question.own is None or question.own.is_dir():
        return ()
    return own_links(question.own, network)


def _misfit(file: str, field: str, found: str, expected: str) -> ModelError:
    return ModelError([Problem(file=file, field=field, found=found, expected=expected)])
