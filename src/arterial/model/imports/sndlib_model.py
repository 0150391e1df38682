"""SNDlib's model files: how links, demands and failures of a network are meant."""

from pathlib import Path
from typing import Literal

from msgspec import Struct

from arterial.model.imports.found import refused, text_of
from arterial.model.marks import shown
from arterial.names import did_you_mean

__all__ = ["SndModel", "read_model"]

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
