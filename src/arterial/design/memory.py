"""What an interrupted design had reached: its steps by name, on disk as they end."""

from typing import TypeVar

import msgspec

from arterial.errors import DamagedError
from arterial.jobs.ledger import Ledger

__all__ = ["Memory"]

Made = TypeVar("Made")


class Memory:
    """Steps of a design in a ledger; without one, nothing is kept."""

    def __init__(
        self, ledger: Ledger | None = None, *, place: str = "", cut: list[str] | None = None
    ) -> None:
        self._ledger = ledger
        self._place = place
        self._cut = [] if cut is None else cut

    def under(self, place: str) -> "Memory":
        """The same ledger, for a part of the work whose steps may be named as others are."""
        return Memory(self._ledger, place=f"{self._place}{place}: ", cut=self._cut)

    def names(self) -> list[str]:
        """Steps that stand recorded here, in their order."""
        done = self._ledger.done() if self._ledger is not None else {}
        return [n.removeprefix(self._place) for n in done if n.startswith(self._place)]

    def known(self, name: str, kind: type[Made]) -> Made | None:
        """A step as it was made, in every bit; None where it was not.

        Raises DamagedError where what stands there is no such thing.
        """
        if self._ledger is None:
            return None
        content = self._ledger.done().get(self._place + name)
        if content is None:
            return None
        try:
            return msgspec.msgpack.decode(content, type=kind)
        except msgspec.DecodeError as error:
            found = f"what it keeps of '{self._place}{name}' cannot be read: {error}"
            raise DamagedError(str(self._ledger.path), found, "Begin anew by --fresh") from error

    def keep(self, name: str, made: object) -> None:
        """Record a step, as MessagePack; on the disk when this returns."""
        if self._ledger is not None:
            self._ledger.record(self._place + name, msgspec.msgpack.encode(made))

    def cut_at(self, name: str) -> None:
        """Note that time ended a step before it was made."""
        self._cut.append(self._place + name)

    @property
    def cut(self) -> bool:
        """Whether time ended some step, here or in a part: there is something to go on with."""
        return bool(self._cut)
