"""Workloads and loads of a populated network: those of the reference network, by rule.

``draft``: inference by people, one synchronous pair, checkpoints, ingest, roll-out. ``stress``: the
same with inference times 50 and training by planned over present megawatts.
"""

from collections.abc import Sequence

import numpy as np

from arterial.model.site import Campus, Market
from arterial.model.workload import (
    Checkpoint,
    Inference,
    Ingest,
    Load,
    Rollout,
    SyncTraining,
    Workload,
)
from arterial.study.populate.people import distances_km
from arterial.study.populate.roads import Places

__all__ = ["HUBS", "hubs_of", "work_of"]

PARAMETERS = 1.0e12
APART_KM = 500.0
HUBS_WITHIN_KM = 2500.0
HUBS = 2
"""Markets where data sets are stored."""
INGEST_MW = 400.0
STRESS = 50.0


def work_of(
    markets: Sequence[Market], campuses: Sequence[Campus], places: Places
) -> tuple[tuple[Workload, ...], tuple[Load, ...]]:
    """What runs where there are such markets (largest first) and campuses; all of it ASSUMPTION."""
    work: list[Workload] = []
    by_size = sorted(campuses, key=lambda campus: (-campus.mw_planned, campus.name))
    if len(by_size) > 1:
        work += _training(by_size, places)
    if by_size and markets:
        work += _feeding(by_size, markets, places)
    if markets:
        work.append(_inference())
    names = tuple(entry.name for entry in work)
    grown = tuple(name for name in ("sync", "checkpoint") if name in names)
    power = sum(campus.mw for campus in campuses)
    stress = Load(
        name="stress",
        workloads=names,
        scale={"inference": STRESS} if markets else {},
        scale_by_power=grown if power > 0.0 else (),
        source="ASSUMPTION: inference times 50, training by MW planned over MW now",
    )
    draft = Load(name="draft", workloads=names, source="ASSUMPTION: all of it at once")
    return tuple(work), (draft, stress) if work else ()


def _training(by_size: Sequence[Campus], places: Places) -> list[Workload]:
    far_km = distances_km(
        [places[campus.site] for campus in by_size], [places[campus.site] for campus in by_size]
    )
    away_km = [float(km) for km in far_km[0]]
    apart = [at for at, km in enumerate(away_km) if km >= APART_KM]
    second = min(apart, key=lambda at: away_km[at]) if apart else int(np.argmax(away_km))
    copies_km = APART_KM if (far_km.max(axis=1) > APART_KM).all() else 0.0
    return [
        SyncTraining(
            name="sync",
            traffic_class="sync",
            sites=(by_size[0].site, by_size[second].site),
            parameters=PARAMETERS,
            step_s=10.0,
            source=(
                "ASSUMPTION: the largest campus by planned power and the nearest one 500 km away "
                "or more, else the farthest; 1e12 parameters, 10 s a step, fully overlapped"
            ),
        ),
        Checkpoint(
            name="checkpoint",
            traffic_class="checkpoint",
            parameters=PARAMETERS,
            interval_s=1800.0,
            apart_km=copies_km,
            source=(
                "ASSUMPTION: 1e12 parameters at the largest campus, others by planned MW, every 30 "
                f"minutes, to the nearest campus beyond {copies_km:g} km"
            ),
        ),
    ]


def _feeding(
    by_size: Sequence[Campus], markets: Sequence[Market], places: Places
) -> list[Workload]:
    origin = by_size[0].site
    hubs = hubs_of([market.site for market in markets], origin, places)
    return [
        Ingest(
            name="ingest",
            traffic_class="ingest",
            hubs=hubs,
            campuses_from_mw=min(INGEST_MW, by_size[0].mw_planned),
            terabytes_per_day=500.0,
            source=(
                "ASSUMPTION: 500 TB a day into each campus planned at 400 MW or more, half from "
                "each of two storage hubs: the largest markets within 2,500 km of the largest "
                "campus"
            ),
        ),
        Rollout(
            name="rollout",
            traffic_class="rollout",
            origin=origin,
            terabytes=2.0,
            hours=6.0,
            source="ASSUMPTION: 2 TB to each replica in 6 h, from the largest campus",
        ),
    ]


def hubs_of(
    sites: Sequence[str], origin: str, places: Places, count: int = HUBS
) -> tuple[str, ...]:
    """Sites of the largest markets within 2,500 km of a campus, or of all where none is."""
    away_km = distances_km([places[origin]], [places[site] for site in sites])[0]
    near = [site for site, km in zip(sites, away_km, strict=True) if km <= HUBS_WITHIN_KM]
    return tuple((near or list(sites))[:count])


def _inference() -> Inference:
    return Inference(
        name="inference",
        traffic_class="inference",
        requests_per_person_day=10.0,
        megabytes_down=0.503,
        megabytes_up=0.103,
        source=(
            "ASSUMPTION: 10 requests a person and day, 10 % of them with a 2 MB image, 1 % with a "
            "20 MB video, 5 % with 120 s of voice, as in the US AI backbone"
        ),
    )
