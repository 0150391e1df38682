"""Test modules here share ``draws`` and ``monolith``; importlib mode knows no neighbours."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
