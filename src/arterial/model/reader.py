"""A folder to a ``Network``: every problem of every file at once, or a network without any.

The folder holds ``network.yaml`` and the CSV tables it names. Nothing outside it is read, and
nothing in it is believed before it is checked.
"""

import hashlib
from pathlib import Path
from typing import cast

import msgspec
from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.model.catalogue import load_catalogue
from arterial.model.convert import Converter
from arterial.model.demands import read_demands
from arterial.model.description import TABLES, Description
from arterial.model.draft import Draft
from arterial.model.files import TABLE_BYTES, YAML_BYTES, read_text
from arterial.model.joined import joined_problems
from arterial.model.links import link_problems
from arterial.model.marks import Entries
from arterial.model.network import DemandRow, Network
from arterial.model.phased import phase_problems
from arterial.model.pluggable import Mode
from arterial.model.policy import Policy
from arterial.model.record import Record, built
from arterial.model.references import reference_problems
from arterial.model.soundness import soundness_problems
from arterial.model.standing import standing_problems
from arterial.model.tables import read_table
from arterial.model.yaml_marks import read_yaml

__all__ = ["NETWORK_FILE", "load_network", "network_hash"]

NETWORK_FILE = "network.yaml"


def load_network(folder: Path) -> Network:
    """The network that a folder describes.

    Raises
    ------
    ModelError
        With every problem of every file, sorted by file and line.
    """
    problems: list[Problem] = []
    draft = _draft(folder, problems)
    if draft is not None:
        problems += reference_problems(draft)
        problems += soundness_problems(draft)
        problems += link_problems(draft)
        problems += standing_problems(draft)
        problems += joined_problems(draft)
        problems += phase_problems(draft)
    if problems or draft is None:
        raise ModelError(sorted(set(problems), key=_place))
    return _network(draft)


def network_hash(network: Network) -> str:
    """SHA-256 of everything the network says, hexadecimal; equal networks have equal hashes."""
    return hashlib.sha256(msgspec.json.encode(network, order="deterministic")).hexdigest()


def _place(problem: Problem) -> tuple[str, int, str, str]:
    return problem.file, problem.line or 0, problem.field, problem.found


def _draft(folder: Path, problems: list[Problem]) -> Draft | None:
    """What stands in the files; None when ``network.yaml`` says nothing."""
    try:
        node, repeated = read_yaml(read_text(folder, NETWORK_FILE, YAML_BYTES), NETWORK_FILE)
    except ModelError as error:
        problems += error.problems
        return None
    problems += repeated
    if not isinstance(node, Entries):
        expected = "Start with 'name: ...' and 'tables:'"
        problems.append(Problem(file=NETWORK_FILE, line=1, found="no mapping", expected=expected))
        return None
    root = Converter(NETWORK_FILE, problems).record(node, Description)
    modes = tuple(mode.name for mode in load_catalogue())
    draft = Draft(root, _tables(folder, root, problems), {}, modes)
    return msgspec.structs.replace(draft, demands=_demands(folder, draft, problems))


def _tables(
    folder: Path, root: Record, problems: list[Problem]
) -> dict[str, tuple[Record, ...] | None]:
    named = next(iter(root.records("tables")), None)
    if named is None:
        return dict.fromkeys(TABLES)
    tables: dict[str, tuple[Record, ...] | None] = {}
    for table, kind in TABLES.items():
        if table in named.lines or table not in named.values:
            tables[table] = _rows(folder, named, table, kind, problems)
        else:
            tables[table] = ()
    return tables


def _demands(
    folder: Path, draft: Draft, problems: list[Problem]
) -> dict[str, tuple[Record | DemandRow, ...]]:
    sites, classes = draft.names("sites"), draft.class_names()
    demands: dict[str, tuple[Record | DemandRow, ...]] = {}
    for load in draft.root.records("loads"):
        name = load.text("demands")
        if name:
            text = _text(folder, load, "demands", problems)
            rows = None if text is None else read_demands(text, name, sites, classes, problems)
            demands[load.text("name")] = rows or ()
    return demands


def _rows(
    folder: Path, owner: Record, field: str, kind: type[Struct], problems: list[Problem]
) -> tuple[Record, ...] | None:
    """Rows of the table that a field names; None when it cannot be read."""
    text = _text(folder, owner, field, problems)
    return None if text is None else read_table(text, owner.text(field), kind, problems)


def _text(folder: Path, owner: Record, field: str, problems: list[Problem]) -> str | None:
    name = owner.text(field)
    if not name:
        if field in owner.values:
            problems.append(owner.problem(field, "no file name", "Name a CSV file"))
        return None
    try:
        return read_text(folder, name, TABLE_BYTES)
    except ModelError as error:
        problems += [_at(owner, field, problem) for problem in error.problems]
        return None


def _at(owner: Record, field: str, problem: Problem) -> Problem:
    """A problem with a file as a whole, told where the file is named."""
    if problem.line is not None:
        return problem
    return owner.problem(field, f"{problem.file}: {problem.found}", problem.expected)


def _network(draft: Draft) -> Network:
    said = cast("Description", built(draft.root))
    rows = {table: built(draft.rows(table)) for table in TABLES}
    return Network(
        name=said.name,
        title=said.title,
        **cast("dict[str, tuple[()]]", rows),
        modes=_modes(said),
        line=said.line,
        subsea=said.subsea,
        margins=said.margins,
        latency=said.latency,
        restoration=said.restoration,
        lead_times=said.lead_times,
        phases=said.phases,
        horizon=said.horizon,
        classes=said.classes,
        policy=_policy(draft, said),
        workloads=said.workloads,
        loads=said.loads,
        demands={
            load: cast("tuple[DemandRow, ...]", built(rows)) for load, rows in draft.demands.items()
        },
        costs=said.costs,
        notes=said.notes,
    )


def _policy(draft: Draft, said: Description) -> Policy:
    """Default rules hold for those classes that exist; the user's own rules stand as they are."""
    if any("rules" in policy.lines for policy in draft.root.records("policy")):
        return said.policy
    known = draft.class_names()
    kept = (
        msgspec.structs.replace(rule, classes=tuple(name for name in rule.classes if name in known))
        for rule in said.policy.rules
    )
    return msgspec.structs.replace(said.policy, rules=tuple(rule for rule in kept if rule.classes))


def _modes(said: Description) -> tuple[Mode, ...]:
    """The catalogue, then the user's modes; costs that the user set replace the catalogue's."""
    modes = {mode.name: mode for mode in (*load_catalogue(), *said.pluggables)}
    for name, cost in said.costs.pluggables.items():
        source = said.costs.sources.get("pluggables", "user")
        modes[name] = msgspec.structs.replace(modes[name], cost=cost, cost_source=source)
    return tuple(modes.values())
