"""An own list of links: which pairs of sites the user's network joins."""

import csv
import io
from pathlib import Path

from arterial.errors import ModelError, Problem
from arterial.model.network import Network
from arterial.names import did_you_mean

__all__ = ["own_links"]

_HEAD = ("a", "z")


def own_links(file: Path, network: Network) -> tuple[tuple[str, str], ...]:
    """Pairs of a table with columns ``a`` and ``z``, each once.

    Raises
    ------
    ModelError
        The file cannot be read, lacks a column, or names sites that the network has not.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        expected = "Name a plan's folder, or a CSV file of links with columns a and z"
        found = (isinstance(error, OSError) and error.strerror) or str(error)
        raise ModelError([Problem(file=str(file), found=found, expected=expected)]) from error
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows or any(name not in rows[0] for name in _HEAD):
        found, expected = "no link, or no columns a and z", "Begin with a line 'a,z'"
        raise ModelError([Problem(file=str(file), found=found, expected=expected)])
    known = [site.name for site in network.sites]
    problems = [
        Problem(
            file=str(file),
            line=line,
            field=name,
            found=f"no site is called '{row[name]}'",
            expected=did_you_mean(row[name] or "", known) or "Name a site of the network",
        )
        for line, row in enumerate(rows, 2)
        for name in _HEAD
        if row[name] not in known
    ]
    problems += [
        Problem(file=str(file), line=line, found="a link ends where it begins", expected="Name two")
        for line, row in enumerate(rows, 2)
        if row["a"] == row["z"] and row["a"] in known
    ]
    if problems:
        raise ModelError(problems)
    pairs = ((row["a"], row["z"]) for row in rows)
    return tuple(dict.fromkeys((min(pair), max(pair)) for pair in pairs))
