"""``report``: a plan and its proof to one self-contained page."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from arterial.jobs.files import write_atomically
from arterial.jobs.progress import Report, silent
from arterial.plan.plan import Plan
from arterial.plan.store import read_plan, read_proof, stored_hash
from arterial.plan.verdict import Proof, Verdict
from arterial.report.map import map_svg
from arterial.report.page import render

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

    Raises
    ------
    DamagedError
        A plan, or a proof that stands beside one, was cut or changed.
    """
    report("report", 0, 1)
    plan, proof = _plan_and_proof(folder, report)
    others = [_plan_and_proof(other, report) for other in beside]
    named = [(other.load, other, theirs) for other, theirs in others]
    content = render(plan, proof, comparisons=named).encode()
    write_atomically(page, content)
    if picture is not None:
        write_atomically(picture, map_svg(plan, proof).encode())
    report("report", 1, 1)
    verdict = proof.verdict if proof else "unknown"
    return Reported(report=str(page), kilobytes=round(len(content) / 1000.0, 1), verdict=verdict)


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
