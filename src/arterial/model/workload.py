"""What AI asks of a backbone, in the words of those who run it: parameters, tokens, people.

``arterial.demand`` turns workloads into Gb/s by class. A load names the workloads that run together.
"""

from typing import Annotated

from msgspec import Meta, Struct

from arterial.model.quantity import Count, NonNegative, Positive, Share
from arterial.names import Name

__all__ = [
    "Checkpoint",
    "DiLoCo",
    "Inference",
    "Ingest",
    "KvCache",
    "Load",
    "Rollout",
    "SyncTraining",
    "Workload",
]


class _Common(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Name
    traffic_class: Name
    source: str = ""


class SyncTraining(_Common, frozen=True, kw_only=True, tag="sync", tag_field="kind"):
    """Synchronous data parallel: gradients all-reduced over ``sites`` at every step."""

    sites: Annotated[tuple[Name, ...], Meta(min_length=2)]
    parameters: Positive
    gradient_bytes: Positive = 2.0
    step_s: Positive


class DiLoCo(_Common, frozen=True, kw_only=True, tag="diloco", tag_field="kind"):
    """DiLoCo: outer gradients over a ring of campuses, once in ``inner_steps`` steps."""

    campuses_from_mw: NonNegative
    """Campuses planned at this power or more take part, in order of bearing from their centre."""
    parameters: Positive
    outer_bytes: Positive = 0.5
    inner_steps: Annotated[int, Meta(ge=1)] = 100
    step_s: Positive


class Checkpoint(_Common, frozen=True, kw_only=True, tag="checkpoint", tag_field="kind"):
    """Each campus copies its checkpoint to the nearest campus beyond ``apart_km``."""

    parameters: Positive
    """Of the largest campus; others in proportion to planned power."""
    bytes_per_parameter: Positive = 16.0
    interval_s: Positive
    apart_km: NonNegative = 500.0


class Ingest(_Common, frozen=True, kw_only=True, tag="ingest", tag_field="kind"):
    """Data sets from storage hubs into every campus planned at ``campuses_from_mw`` or more."""

    hubs: Annotated[tuple[Name, ...], Meta(min_length=1)]
    campuses_from_mw: NonNegative
    terabytes_per_day: Positive


class Rollout(_Common, frozen=True, kw_only=True, tag="rollout", tag_field="kind"):
    """A new model from one campus to every replica."""

    origin: Name
    terabytes: Positive
    hours: Positive


class Inference(_Common, frozen=True, kw_only=True, tag="inference", tag_field="kind"):
    """People of every market asking their nearest replica."""

    requests_per_person_day: Positive
    megabytes_down: Positive
    """Per request: text as server-sent events, images, video, voice."""
    megabytes_up: Positive
    peak_to_mean: Annotated[float, Meta(ge=1.0)] = 2.5


class KvCache(_Common, frozen=True, kw_only=True, tag="kv-cache", tag_field="kind"):
    """Prompts' KV caches moved between each market's replica and its fail-over."""

    moves_per_s: Positive
    """Over all markets, shared by people."""
    tokens: Positive
    bytes_per_token: Positive
    long_haul_share: Share = 1.0
    """Share of moves that leave their site."""


Workload = SyncTraining | DiLoCo | Checkpoint | Ingest | Rollout | Inference | KvCache


class Load(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Workloads that run together, each scaled; or demands that the user brings."""

    name: Name
    workloads: tuple[Name, ...] = ()
    scale: dict[str, Positive] = {}
    """By workload name; absent means 1."""
    scale_by_power: tuple[Name, ...] = ()
    """Workloads that grow from power now to power planned (sum over campuses)."""
    demands: str = ""
    """A CSV table (traffic_class, source, target, gbps) added to the workloads' demands."""
    seed: Count = 0
    source: str = ""
