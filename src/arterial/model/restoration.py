"""How light comes back after a cut: the times it takes, and what equipment waits for it.

IP repairs at once; light starts once the cut is confirmed, finds other fibre, and a restored link
returns to routing after its wait.
"""

from typing import Annotated

from msgspec import Struct

from arterial.model.line import assumed, sourced
from arterial.model.quantity import NonNegative

__all__ = ["Restoration"]


class Restoration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The time model of optical restoration; every time counts from the end of the one before."""

    confirm_s: Annotated[
        NonNegative, assumed("alarms of both ends correlated, the controller told")
    ] = 2.0
    """From the cut until light starts to be moved."""
    switch_s: Annotated[
        NonNegative, assumed("WSS and laser retuned, ROADMs of a route side by side")
    ] = 10.0
    """Setting ROADMs and transponders of one route; routes of a case go side by side."""
    noise_loading: bool = True
    """Whether empty slots carry shaped noise, so that amplifiers see no change of load."""
    settle_loaded_s: Annotated[
        NonNegative, sourced("ARROW (SIGCOMM 2021): 8 s with noise loading")
    ] = 8.0
    """Until amplifiers are steady, with noise loading."""
    settle_unloaded_s: Annotated[
        NonNegative,
        assumed("ARROW (SIGCOMM 2021) tells of tens of minutes without noise loading; 1,000 s"),
    ] = 1000.0
    """Until amplifiers are steady, without."""
    wait_to_restore_s: Annotated[
        NonNegative, sourced("ITU-T G.808.1: wait-to-restore is settable, 5 to 12 minutes")
    ] = 300.0
    """How long a restored link must stand before traffic returns to it."""
    sources: dict[str, str] = {}
    """Source of each figure set here, by its name."""

    @property
    def light_s(self) -> float:
        """From the cut until the moved light is good."""
        settle_s = self.settle_loaded_s if self.noise_loading else self.settle_unloaded_s
        return self.confirm_s + self.switch_s + settle_s

    @property
    def return_s(self) -> float:
        """From the cut until traffic is back on a restored link."""
        return self.light_s + self.wait_to_restore_s
