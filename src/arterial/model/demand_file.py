"""A table of demands that stands by itself, beside a network that it does not belong to."""

from pathlib import Path
from typing import cast

from arterial.errors import ModelError, Problem
from arterial.model.files import TABLE_BYTES, read_text
from arterial.model.network import DemandRow, Network
from arterial.model.record import built
from arterial.model.tables import read_table
from arterial.names import did_you_mean

__all__ = ["read_demands"]


def read_demands(path: Path, network: Network) -> tuple[DemandRow, ...]:
    """The rows of a demand table for a network.

    Raises
    ------
    ModelError
        With every problem of the file, unknown sites and classes among them.
    """
    problems: list[Problem] = []
    text = read_text(path.parent, path.name, TABLE_BYTES)
    records = read_table(text, path.name, DemandRow, problems)
    if problems or records is None:
        raise ModelError(problems)
    sites = {site.name for site in network.sites}
    classes = {entry.name for entry in network.classes}
    for record in records:
        for field, word, known in (
            ("source", "site", sites),
            ("target", "site", sites),
            ("traffic_class", "class", classes),
        ):
            name = record.text(field)
            if name not in known:
                expected = did_you_mean(name, known) or f"Name a {word} of the network"
                problems.append(record.problem(field, f"no {word} is called '{name}'", expected))
    if problems:
        raise ModelError(problems)
    return cast("tuple[DemandRow, ...]", built(records))
