"""``report``: a plan and its proof to one self-contained page."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.jobs.files import write_atomically
from arterial.jobs.progress import Report, silent
from arterial.plan.plan import Plan
from arterial.plan.store import read_plan, read_proof, stored_hash
from arterial.plan.verdict import Proof, Verdict
from arterial.report import geojson
from arterial.report.map import map_svg
from arterial.report.page import render
from arterial.study.reach_curve import reach_curve

__all__ = ["Reported", "report_page"]


class Reported(Struct, frozen=True, kw_only=True):
    """What was written, and what it says."""

    report: str
    kilobytes: float
    verdict: Verdict


def report_page(
    folder: Path,
    page: Path,
    *,
    beside: Sequence[Path] = (),
    picture: Path | None = None,
    map_data: Path | None = None,
    report: Report = silent,
) -> Reported:
    """Write the report on the plan in ``folder`` to ``page``.

    A plan without a proof, or with one of another plan, is reported as unknown.

    Parameters
    ----------
    beside
        Folders of other plans, set side by side with this one.
    picture
        Where to write the map alone as SVG.
    map_data
        Where to write sites, fibres and links as GeoJSON.

    Raises
    ------
    ModelError
        A page would stand in place of the picture, of the map's data or of a file of a plan.
    DamagedError
        A plan, or a proof that stands beside one, was cut or changed.
    """
    report("report", 0, 1)
    _apart((page, picture, map_data), (folder, *beside))
    plan, proof = _plan_and_proof(folder, report)
    others = [_plan_and_proof(other, report) for other in beside]
    named = [(other.load, other, theirs) for other, theirs in others]
    reach = reach_curve(plan.network, report) if plan.lightpaths else None
    content = render(plan, proof, comparisons=named, reach=reach).encode()
    write_atomically(page, content)
    if picture is not None:
        write_atomically(picture, map_svg(plan, proof).encode())
    if map_data is not None:
        write_atomically(map_data, geojson.map_data(plan, proof))
    report("report", 1, 1)
    verdict = proof.verdict if proof else "unknown"
    return Reported(report=str(page), kilobytes=round(len(content) / 1000.0, 1), verdict=verdict)


def _apart(places: Sequence[Path | None], plans: Sequence[Path]) -> None:
    """Raise ModelError where writing would take the place of what is read, or of another file."""
    taken = {
        file.resolve()
        for plan in plans
        for pattern in ("*.json", "*.ledger", "*/*.parquet")
        for file in plan.glob(pattern)
    }
    problems: list[Problem] = []
    for place in places:
        if place is None:
            continue
        if place.resolve() in taken:
            found = "a file of a plan, or the place of two of page, picture and map data"
            expected = "Name another file"
            problems.append(Problem(file=str(place), found=found, expected=expected))
        taken.add(place.resolve())
    if problems:
        raise ModelError(problems)


def _plan_and_proof(folder: Path, report: Report) -> tuple[Plan, Proof | None]:
    plan = read_plan(folder)
    if not (folder / "proof.json").exists():
        report(f"warning: {folder} has no proof yet; run `arterial prove {folder}`", 0, 0)
        return plan, None
    proof = read_proof(folder)
    if proof.plan_hash != stored_hash(folder):
        report(f"warning: the proof in {folder} is of an older plan; prove it again", 0, 0)
        return plan, None
    return plan, proof
