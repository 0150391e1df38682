"""The worst case of every link and class, with its culprit, and the demands that were cut off."""

import math
from collections.abc import Iterator

import numpy as np

from arterial.plan.verdict import CutOff, WorstClass, WorstLink
from arterial.prove.sweep import Sweep, demands_of

__all__ = ["cut_offs", "worst_classes", "worst_links"]


def worst_links(swept: Sweep) -> Iterator[WorstLink]:
    """For every link its fullest case, either direction; no failure counts too, and is told."""
    tables, cases, count = swept.tables, swept.cases, len(swept.tables.links)
    load = np.maximum(swept.routing.load_gbps[:, :count], swept.routing.load_gbps[:, count:])
    left = cases.left_gbps
    full = np.divide(load, left, out=np.zeros_like(load), where=left > 0.0)
    for link, name in enumerate(tables.links):
        case = int(full[:, link].argmax())
        yield WorstLink(
            link=name,
            load_gbps=float(load[case, link]),
            utilisation=float(full[case, link]),
            worst_case=cases.names[case],
            normal_utilisation=float(full[0, link]),
        )


def worst_classes(swept: Sweep) -> Iterator[WorstClass]:
    """For every class and failure kind, promised or not, what its worst-hit demand keeps."""
    kinds = dict.fromkeys(failure.kind for failure in swept.cases.failures if failure)
    for name in dict.fromkeys(swept.tables.demands.traffic_class):
        for kind in kinds:
            found = _worst_class(swept, name, kind)
            if found:
                yield found


def _worst_class(swept: Sweep, name: str, kind: str) -> WorstClass | None:
    own, cases = demands_of(swept.tables, name), swept.cases.of_kind(kind)
    counted = own & ~swept.cut_off[cases]  # (cases of the kind, K)
    if not counted.any():
        return None
    share = np.where(counted, swept.share[cases], np.inf)
    row, demand = np.unravel_index(int(share.argmin()), share.shape)
    late = np.where(own, swept.round_trip_ms[cases], 0.0)
    last = int(np.nan_to_num(late, nan=np.inf).max(axis=1).argmax())
    case = int(cases[row])
    lost = swept.tables.demands.gbps * np.maximum(1.0 - swept.share[case], 0.0) * counted[row]
    return WorstClass(
        traffic_class=name,
        kind=kind,
        carried=float(share[row, demand]),
        worst_case=swept.cases.names[case],
        demand=swept.tables.demands.names[int(demand)],
        rtt_ms=math.nan if np.isnan(late).any() else float(late.max()),
        rtt_case=swept.cases.names[int(cases[last])],
        dropped_gbps=float(lost.sum()),
    )


def cut_offs(swept: Sweep) -> Iterator[CutOff]:
    """Cases in which demands lose their own end, with how many and how much."""
    for case, name in enumerate(swept.cases.names):
        gone = swept.cut_off[case]
        if gone.any():
            yield CutOff(
                case=name or "without failure",
                demands=int(gone.sum()),
                gbps=float(swept.tables.demands.gbps[gone].sum()),
            )
