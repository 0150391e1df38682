"""The report: one HTML file that asks nobody for anything and reads the same on paper.

Style and script stand inline and the policy in its head admits those two texts alone, by hash. All
words pass Jinja's escaping; what is marked safe was drawn by ``svg``, which escapes for itself.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from arterial.plan.losses import parted_words
from arterial.plan.plan import Plan
from arterial.plan.rows import BillItem
from arterial.plan.verdict import Proof
from arterial.report import chart, words
from arterial.report.beyond import beyond_rows, no_way_rows
from arterial.report.bill import bill_rows, slices
from arterial.report.gates import gate_rows, headline
from arterial.report.latency import BOUNDS_MS, MarketView, coverages, markets, needs
from arterial.report.legend import HEAT_STEPS, heat
from arterial.report.light_section import light_context
from arterial.report.map import draw_map
from arterial.report.reach import ReachCurve
from arterial.report.replicas import edges
from arterial.report.sources import source_rows
from arterial.report.summary import Named, compare, key_figures, stop_words
from arterial.report.view import MapView, hotness, map_view
from arterial.report.worst import class_rows, failure_kinds

__all__ = ["render"]

NEED_MS = 10.0
TOP_PLACES = 12
FIRST_LINKS = 20

Context = dict[str, object]


def render(
    plan: Plan,
    proof: Proof | None,
    *,
    comparisons: Sequence[Named] = (),
    reach: ReachCurve | None = None,
) -> str:
    """The report on a plan as one self-contained HTML text.

    Parameters
    ----------
    plan
        What is to be built.
    proof
        What it survives; None is told as unknown, in red.
    comparisons
        Other plans (name, plan, proof), set side by side with this one.
    reach
        How far each mode goes on the plan's line system; None is told as not worked out.
    """
    style = "".join(_text(name) for name in ("theme.css", "map.css", "page.css", "light.css"))
    script = _text("sort.js")
    view = map_view(plan, proof)
    context: Context = {
        "style": style,
        "script": script,
        "policy": _policy(style, script),
        "plan": plan,
        "proof": proof,
        "view": view,
        "head": headline(plan, proof),
        "key_figures": key_figures(plan, proof),
        "stopped": stop_words(plan),
        "gates": gate_rows(proof),
        "usable": [plan.network.policy.usable(failed=failed) for failed in (False, True)],
        "kinds": failure_kinds(proof),
        "classes": class_rows(proof),
        "beyond": beyond_rows(proof),
        "no_ways": no_way_rows(proof),
        "parted": parted_words(proof.partings) if proof else "",
        "comparisons": compare([(plan.load, plan, proof), *comparisons]) if comparisons else (),
        "figures": source_rows(plan),
        "replicas": edges(plan),
        **_map(view),
        **_links(view),
        **_people(plan),
        **_cost(plan),
        **light_context(plan, reach),
    }
    return _environment().get_template("page.html.j2").render(context)


def _text(name: str) -> str:
    folder = files("arterial.report").joinpath("templates")
    return folder.joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    def digest(inline: str) -> str:
        return base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()

    return (
        f"default-src 'none'; style-src 'sha256-{digest(style)}'; "
        f"script-src 'sha256-{digest(script)}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("arterial.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., str]] = {
        "amount": words.amount,
        "counted": words.counted,
        "percent": words.percent,
        "rate": words.rate,
        "people": words.people,
        "shown": words.shown,
        "with_unit": words.with_unit,
        "meter": chart.meter,
        "heat": heat,
    }
    environment.filters.update(filters)
    return environment


def _map(view: MapView) -> Context:
    lit = any(fibre.pairs for fibre in view.fibres)
    return {
        "map": draw_map(view, layers=("fibres", "links") if lit else ("links",)),
        "map_layers": bool(lit and view.links),
        "unplaced": [site for site in view.sites if site.lat is None or site.lon is None],
    }


def _links(view: MapView) -> Context:
    proved = sorted(
        (row for row in view.links if row.utilisation is not None),
        key=lambda row: (-hotness(row.utilisation), row.name),
    )
    names = ["to 30 %", "to 50 %", "to 65 %", "to 80 %", "to 95 %", "over 95 %"]
    assert len(names) == len(HEAT_STEPS) + 1
    counts = dict.fromkeys(names, 0)
    for link in proved:
        step = heat(link.utilisation)
        if step != "u-none":
            counts[names[int(step[1:])]] += 1
    bars = [(name, float(count), f"fill-u{i}") for i, (name, count) in enumerate(counts.items())]
    return {
        "hottest": proved[:FIRST_LINKS],
        "cooler": proved[FIRST_LINKS:],
        "unproved_links": len(view.links) - len(proved),
        "load_chart": chart.columns(bars) if proved else "",
    }


def _people(plan: Plan) -> Context:
    rows = markets(plan)
    now, after = coverages(plan, rows)
    bounds = sorted(
        {row.rtt_ms for row in plan.network.classes if row.rtt_ms is not None} | {NEED_MS}
    )
    late = needs(plan, rows, NEED_MS)
    return {
        "markets": [(row, _delay(row, rows, bounds)) for row in rows],
        "coverage": (now, after),
        "bounds_ms": BOUNDS_MS,
        "coverage_chart": chart.coverage_chart(
            [(now.words, now.steps), (after.words, after.steps)], bounds_ms=BOUNDS_MS
        ),
        "need_ms": NEED_MS,
        "needs": late,
    }


def _delay(row: MarketView, rows: Sequence[MarketView], bounds: Sequence[float]) -> str:
    ways = [way.plan_ms for one in rows for way in (one.first, one.second)]
    most = max([way for way in ways if way == way] + list(bounds)) * 1.02  # noqa: PLR0124 - NaN
    return chart.delay_bars(
        [(way.floor_ms, way.plan_ms) for way in (row.first, row.second)],
        most_ms=most,
        marks_ms=bounds,
    )


def _cost(plan: Plan) -> Context:
    def bars(by: Callable[[BillItem], str], most: int | None = None) -> str:
        return chart.named_bars(
            [
                (
                    part.words,
                    part.cost,
                    f"{words.amount(part.cost, 0)}  ({_part(part.share)})",
                )
                for part in slices(plan, by, most=most)
            ]
        )

    return {
        "bill": bill_rows(plan),
        "bill_sum": sum(row.cost for row in plan.bill),
        "item_chart": bars(lambda row: row.item) if plan.bill else "",
        "place_chart": bars(lambda row: words.shown(row.where), TOP_PLACES) if plan.bill else "",
    }


def _part(share: float) -> str:
    """A share of the cost; what is there is never told as nothing."""
    return "under 1 %" if 0.0 < share < 0.005 else words.percent(share)  # noqa: PLR2004 - rounds to 0
