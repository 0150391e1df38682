"""``arterial schema``."""

import sys

from arterial.model.schema import json_schema

__all__ = ["schema"]


def schema() -> int:
    """Print the JSON Schema of a network description, for editors."""
    sys.stdout.write(json_schema().decode())
    return 0
