"""What an interrupted design had reached: its rounds of search, on disk as they end."""

import msgspec

from arterial.design.search import Found
from arterial.jobs.ledger import Ledger

__all__ = ["Memory"]


class Memory:
    """Rounds of search in a ledger; without one, nothing is kept."""

    def __init__(self, ledger: Ledger | None = None) -> None:
        self._ledger = ledger

    def latest(self) -> Found | None:
        """The last round that was recorded, or None."""
        done = self._ledger.done() if self._ledger is not None else {}
        if not done:
            return None
        last = max(done, key=lambda name: int(name.rpartition(" ")[2]))
        return msgspec.json.decode(done[last], type=Found)

    def keep(self, found: Found) -> None:
        """Record a round; on the disk when this returns."""
        if self._ledger is not None:
            self._ledger.record(f"round {found.round}", msgspec.json.encode(found))
