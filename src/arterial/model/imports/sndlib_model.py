"""SNDlib's model files: how links, demands and failures of a network are meant.

A model's short name has a letter for each of eight properties, as ``U-U-M-N-C-A-N-N``.
"""

from pathlib import Path
from typing import Literal

from msgspec import Struct

from arterial.model.imports.found import refused, text_of
from arterial.model.marks import shown
from arterial.names import did_you_mean

__all__ = ["LETTERS", "SndModel", "asked_model", "read_model"]

LinkModel = Literal["DIRECTED", "BIDIRECTED", "UNDIRECTED"]

_HEAD = "?SNDlib"
_KNOWN: dict[str, tuple[str, ...]] = {
    "LINK_MODEL": ("DIRECTED", "BIDIRECTED", "UNDIRECTED"),
    "NODE_MODEL": ("NO_NODE_HARDWARE", "NODE_HARDWARE"),
    "DEMAND_MODEL": ("DIRECTED", "UNDIRECTED"),
    "LINK_CAPACITY_MODEL": (
        "MODULAR_LINK_CAPACITIES",
        "SINGLE_MODULAR_CAPACITIES",
        "EXPLICIT_LINK_CAPACITIES",
        "LINEAR_LINK_CAPACITIES",
    ),
    "ROUTING_MODEL": ("CONTINUOUS", "INTEGER", "SINGLE_PATH"),
    "ADMISSIBLE_PATH_MODEL": ("ALL_PATHS", "EXPLICIT_LIST"),
    "HOP_LIMIT_MODEL": ("IGNORE_HOP_LIMITS", "INDIVIDUAL_HOP_LIMITS"),
    "SURVIVABILITY_MODEL": (
        "NO_SURVIVABILITY",
        "ONE_PLUS_ONE_PROTECTION",
        "SHARED_PATH_PROTECTION",
        "UNRESTRICTED_FLOW_RECONFIGURATION",
    ),
    "FIXED_CHARGE_MODEL": ("YES", "NO"),
    "OBJECTIVE_MODEL": ("MINIMIZE_TOTAL_COST",),
}

LETTERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("DEMAND_MODEL", {"D": "DIRECTED", "U": "UNDIRECTED"}),
    ("LINK_MODEL", {"D": "DIRECTED", "B": "BIDIRECTED", "U": "UNDIRECTED"}),
    (
        "LINK_CAPACITY_MODEL",
        {
            "L": "LINEAR_LINK_CAPACITIES",
            "S": "SINGLE_MODULAR_CAPACITIES",
            "M": "MODULAR_LINK_CAPACITIES",
            "E": "EXPLICIT_LINK_CAPACITIES",
        },
    ),
    ("FIXED_CHARGE_MODEL", {"Y": "YES", "N": "NO"}),
    ("ROUTING_MODEL", {"C": "CONTINUOUS", "I": "INTEGER", "S": "SINGLE_PATH"}),
    ("ADMISSIBLE_PATH_MODEL", {"A": "ALL_PATHS", "E": "EXPLICIT_LIST"}),
    ("HOP_LIMIT_MODEL", {"N": "IGNORE_HOP_LIMITS", "Y": "INDIVIDUAL_HOP_LIMITS"}),
    (
        "SURVIVABILITY_MODEL",
        {
            "N": "NO_SURVIVABILITY",
            "P": "ONE_PLUS_ONE_PROTECTION",
            "S": "SHARED_PATH_PROTECTION",
            "U": "UNRESTRICTED_FLOW_RECONFIGURATION",
        },
    ),
)
"""What a short name's letters stand for, in their order."""


class SndModel(Struct, frozen=True):
    """What a model file says, by property; one that is absent is not said."""

    said: dict[str, str]

    def of(self, key: str) -> str:
        """The value of a property, empty where the file does not give it."""
        assert key in _KNOWN
        return self.said.get(key, "")

    @property
    def survives(self) -> bool:
        """True when demands must survive failures."""
        return self.of("SURVIVABILITY_MODEL") not in ("", "NO_SURVIVABILITY")


def read_model(path: Path) -> SndModel:
    """The properties in a model file (native text). Raises ModelError when the file is none."""
    lines = text_of(path).split("\n")
    head = next((line for line in lines if line.strip()), "").strip()
    if not head.startswith(_HEAD) or "type: model" not in head:
        found = f"it begins with '{shown(head)}'"
        expected = "Give a model file in native text: '?SNDlib native format; type: model'"
        raise refused(path, found, expected, line=1)
    said: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if not text or text == head:
            continue
        key, _, value = (part.strip() for part in text.partition("="))
        if key not in _KNOWN:
            expected = did_you_mean(key, _KNOWN) or f"Known here: {', '.join(_KNOWN)}"
            raise refused(path, f"no property '{shown(key)}'", expected, line=number)
        if value not in _KNOWN[key]:
            expected = f"Give one of {', '.join(_KNOWN[key])}"
            raise refused(path, f"{key} is '{shown(value)}'", expected, line=number)
        if said.setdefault(key, value) != value:
            raise refused(path, f"{key} stands twice", "Keep one of the two", line=number)
    return SndModel(said)


def asked_model(asked: str) -> SndModel:
    """The model in a file, or the one that letters name. Raises ModelError when it is neither.

    >>> asked_model("U-U-M-N-C-A-N-N").of("LINK_MODEL")
    'UNDIRECTED'
    """
    letters = asked.strip().upper().split("-")
    if len(letters) != len(LETTERS) or any(len(letter) != 1 for letter in letters):
        return read_model(Path(asked))
    said: dict[str, str] = {}
    for (key, values), letter in zip(LETTERS, letters, strict=True):
        if letter not in values:
            known = ", ".join(f"{one} ({value})" for one, value in values.items())
            found = f"{key} is '{shown(letter)}' in '{shown(asked)}'"
            raise refused(Path("--model"), found, f"Give one of {known}")
        said[key] = values[letter]
    return SndModel(said)
