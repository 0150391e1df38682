"""What is asked of ``upgrade``: one pair of sites and a capacity, or all pairs and a factor."""

from collections.abc import Iterator

from arterial.design.upgrade import Ask
from arterial.design.upgrade_all import AskAll
from arterial.design.ways import Terms
from arterial.errors import ModelError, Problem

__all__ = ["asked"]


def asked(
    *,
    between: tuple[str, str] | None,
    target_gbps: float | None,
    every: bool,
    factor: float | None,
    terms: Terms,
) -> Ask | AskAll:
    """One question from the options given.

    Raises ModelError where they ask for both, or for neither.

    Examples
    --------
    >>> asked(between=None, target_gbps=None, every=True, factor=2.0, terms=Terms()).target_factor
    2.0
    """
    one, whole = (between, target_gbps), (every, factor)
    if every and factor is not None and one == (None, None):
        return AskAll(
            target_factor=factor,
            mode=terms.mode,
            in_place=terms.in_place,
            regenerators=terms.regenerators,
        )
    if between is not None and target_gbps is not None and whole == (False, None):
        return Ask(
            a=between[0],
            z=between[1],
            target_gbps=target_gbps,
            mode=terms.mode,
            in_place=terms.in_place,
            regenerators=terms.regenerators,
        )
    raise ModelError(list(_problems(every=every)))


def _problems(*, every: bool) -> Iterator[Problem]:
    found = "--all does not stand alone with --target-factor" if every else "no pair or no target"
    yield Problem(
        file="upgrade",
        found=found,
        expected="Give --between A Z --target-gbps N, or --all --target-factor N",
    )
