"""What optics brings back of the light that each cut takes, case by case and link by link.

Which waves a case cuts and what returns are figures of the optics below; here they are put in order
and held against the traffic.
"""

from collections.abc import Sequence

from msgspec import Struct

from arterial.optics.restored_links import RestoredLink, restored_links
from arterial.plan.plan import Plan
from arterial.plan.rows import IpLink
from arterial.report.refused import refused

__all__ = ["CaseView", "LinkBack", "restored_cases"]


class LinkBack(Struct, frozen=True, kw_only=True):
    """One IP link in one case."""

    link: str
    waves: int
    """Cut."""
    waves_back: int
    gbps_before: float
    """All waves of the link."""
    gbps_after: float
    """Waves that were not cut, and those that came back."""
    share: float
    """The one over the other."""
    rtt_before_ms: float
    """Of the link alone, planning value, routers not counted."""
    rtt_after_ms: float
    """NaN where nothing stands or a length is unknown."""
    refusing: tuple[str, ...]
    """Traffic classes that stay on their backups, as ``report.refused`` tells."""


class CaseView(Struct, frozen=True, kw_only=True):
    """One cut."""

    case: str
    waves: int
    waves_back: int
    gbps: float
    """Of the waves that are cut."""
    gbps_back: float
    share: float
    """Of the rate that was cut."""
    links: tuple[LinkBack, ...]
    """Least restored first."""


def restored_cases(plan: Plan) -> tuple[CaseView, ...]:
    """Every cut of a fibre or shared risk in use, and every other case that the plan has rows of.

    Those first that leave most rate dark. Empty where the plan says nothing of restoration: that is
    unknown, not nothing.
    """
    if not plan.restored_waves:
        return ()
    link = {row.name: row for row in plan.ip_links}
    told = restored_links(plan)
    refusing: dict[tuple[str, str], list[str]] = {}
    for late in refused(plan, told):
        refusing.setdefault((late.case, late.link), []).append(late.traffic_class)
    rows: dict[str, list[RestoredLink]] = {}
    for row in told:
        rows.setdefault(row.case, []).append(row)
    cases = [
        _case(
            case,
            touched,
            [_link(link[row.link], row, refusing.get((case, row.link), ())) for row in touched],
        )
        for case, touched in rows.items()
    ]
    return tuple(sorted(cases, key=lambda row: (row.gbps_back - row.gbps, row.share, row.case)))


def _case(case: str, rows: list[RestoredLink], links: list[LinkBack]) -> CaseView:
    cut = sum(row.cut_gbps for row in rows)
    back = sum(row.restored_gbps for row in rows)
    return CaseView(
        case=case,
        waves=sum(row.cut for row in rows),
        waves_back=sum(row.back for row in rows),
        gbps=cut,
        gbps_back=back,
        share=back / cut if cut else 0.0,
        links=tuple(sorted(links, key=lambda row: (row.share, row.link))),
    )


def _link(link: IpLink, row: RestoredLink, refusing: Sequence[str]) -> LinkBack:
    return LinkBack(
        link=link.name,
        waves=row.cut,
        waves_back=row.back,
        gbps_before=link.capacity_gbps,
        gbps_after=link.capacity_gbps * row.share,
        share=row.share,
        rtt_before_ms=2.0 * link.latency_ms,
        rtt_after_ms=2.0 * row.latency_ms,
        refusing=tuple(refusing),
    )
