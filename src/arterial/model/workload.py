"""What AI asks of a backbone, in the words of those who run it: parameters, tokens, people.

``arterial.demand`` turns workloads into Gb/s by class. A load names those that run together.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from arterial.model.line import assumed, sourced
from arterial.model.quantity import Count, NonNegative, Period, Positive, Share
from arterial.names import Name

__all__ = [
    "Checkpoint",
    "DiLoCo",
    "Inference",
    "Ingest",
    "KvCache",
    "Load",
    "ReplicaNeed",
    "Rollout",
    "SyncTraining",
    "Workload",
]


class _Common(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Name
    """What loads call the workload."""
    traffic_class: Name
    """The class its traffic belongs to."""
    source: str = ""
    """Where its figures come from; empty means from you."""


class SyncTraining(_Common, frozen=True, kw_only=True, tag="sync", tag_field="kind"):
    """Synchronous data parallel: gradients all-reduced over ``sites`` at every step."""

    sites: Annotated[tuple[Name, ...], Meta(min_length=2)]
    """Sites that train one model together."""
    parameters: Positive
    """Parameters of the model."""
    gradient_bytes: Annotated[Positive, assumed("bf16 gradients: 2 bytes")] = 2.0
    """Bytes of gradient for each parameter."""
    step_s: Period
    """Seconds a step takes; the all-reduce is spread over all of it."""


class DiLoCo(_Common, frozen=True, kw_only=True, tag="diloco", tag_field="kind"):
    """DiLoCo: outer gradients over a ring of campuses, once in ``inner_steps`` steps."""

    campuses_from_mw: NonNegative
    """Campuses planned at this power or more take part, in order of bearing from their centre."""
    parameters: Positive
    """Parameters of the model."""
    outer_bytes: Annotated[Positive, sourced("Streaming DiLoCo: outer gradients of 4 bits")] = 0.5
    """Bytes of outer gradient for each parameter."""
    inner_steps: Annotated[
        int, Meta(ge=1), assumed("100 inner steps; the DiLoCo paper goes up to 500")
    ] = 100
    """Steps between two exchanges."""
    step_s: Period
    """Seconds an inner step takes."""


class Checkpoint(_Common, frozen=True, kw_only=True, tag="checkpoint", tag_field="kind"):
    """Each campus copies its checkpoint to the nearest campus beyond ``apart_km``."""

    parameters: Positive
    """Of the largest campus; others in proportion to planned power."""
    bytes_per_parameter: Annotated[Positive, assumed("16 bytes: weights and Adam's state")] = 16.0
    """Bytes of checkpoint for each parameter."""
    interval_s: Period
    """Seconds from one checkpoint to the next."""
    apart_km: Annotated[NonNegative, assumed("copies over 500 km apart")] = 500.0
    """Least distance of the copy."""


class Ingest(_Common, frozen=True, kw_only=True, tag="ingest", tag_field="kind"):
    """Data sets from storage hubs into every campus planned at ``campuses_from_mw`` or more."""

    hubs: Annotated[tuple[Name, ...], Meta(min_length=1)]
    """Sites of the storage hubs; each sends an equal part."""
    campuses_from_mw: NonNegative
    """Campuses planned at this power or more take data in."""
    terabytes_per_day: Positive
    """Into each campus."""


class Rollout(_Common, frozen=True, kw_only=True, tag="rollout", tag_field="kind"):
    """A new model from one campus to every replica."""

    origin: Name
    """The campus's site."""
    terabytes: Positive
    """Size of the model."""
    hours: Period
    """Time for one roll-out, all replicas at once."""


class ReplicaNeed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one replica of a model takes, and how many requests it answers.

    No figure has a default: what a replica answers hangs on the model, the accelerator and the
    length of prompts and answers, and none of these is like another.
    """

    model: Name
    """The model's name; workloads that name the same one share its replicas."""
    gpus: Annotated[int, Meta(ge=1, le=1_000_000)]
    """Accelerators of one replica."""
    kw: NonNegative | None = None
    """Power of one replica, host and cooling included; absent: no power is counted."""
    requests_per_s: Positive
    """Requests that one replica answers at once within the time that people wait."""
    source: str = ""
    """Where its figures come from; empty means from you."""


class Inference(_Common, frozen=True, kw_only=True, tag="inference", tag_field="kind"):
    """People of every market asking their nearest replica."""

    requests_per_person_day: Positive
    """Mean over inhabitants and days."""
    megabytes_down: Positive
    """Per request: text as server-sent events, images, video, voice."""
    megabytes_up: Positive
    """Per request."""
    peak_to_mean: Annotated[float, Meta(ge=1.0), assumed("peak 2.5 times the mean")] = 2.5
    """Busiest hour over the day's mean."""
    replica: ReplicaNeed | UnsetType = UNSET
    """What one replica takes and answers; absent: an edge answers any number of people."""


class KvCache(_Common, frozen=True, kw_only=True, tag="kv-cache", tag_field="kind"):
    """Prompts' KV caches moved between each market's replica and its fail-over."""

    moves_per_s: Positive
    """Over all markets, shared by people."""
    tokens: Positive
    """Tokens in one context."""
    bytes_per_token: Positive
    """Bytes of KV cache for each token."""
    long_haul_share: Annotated[Share, assumed("every move leaves its site")] = 1.0
    """Share of moves that leave their site."""


Workload = SyncTraining | DiLoCo | Checkpoint | Ingest | Rollout | Inference | KvCache


class Load(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Workloads that run together, each scaled; or demands that the user brings."""

    name: Name
    """What plans and gates call the load."""
    workloads: tuple[Name, ...] = ()
    """Names of the workloads that run together."""
    scale: dict[str, Positive] = {}
    """By workload name; absent means 1."""
    scale_by_power: tuple[Name, ...] = ()
    """Workloads that grow from power now to power planned (sum over campuses)."""
    demands: str = ""
    """A CSV table (traffic_class, source, target, gbps) added to the workloads' demands."""
    seed: Count = 0
    """For whatever is drawn at random."""
    source: str = ""
    """What the load stands for."""
