"""Why the light of a fibre is unknown, in the words of its network.

GNPy would place an amplifier behind any span and let the power fall where its gain does not reach;
such a fibre is refused here, with the span, its loss and the gain. What GNPy itself refuses names
spans by number: they are told by the fibre that they belong to.
"""

import re

import numpy as np
from numpy.typing import NDArray

from arterial.model.network import Network
from arterial.optics.line_request import LineRequest, TerrestrialRoute, span_count, span_loss_db

__all__ = ["BELOW", "NO_COMB", "beyond_amplifier", "named", "no_route"]

BELOW = "its light reaches the far ROADM below the target"
NO_COMB = "no mode of known slot and baud rate fits into a band"
NO_LENGTH = "its length is unknown"
WET = "it is a wet span, and no subsea system describes it"

SPAN = re.compile(r"span (\d+) ([01]) (\d+)")
"""What the topology calls a span: route of the request, way, place on the route from 0."""


def no_route(network: Network) -> dict[int, str]:
    """By fibre of unknown light: why it is no route of the network's request."""
    return {
        number: WET if fibre.subsea else NO_LENGTH
        for number, fibre in enumerate(network.fibres)
        if not fibre.described
    }


def beyond_amplifier(request: LineRequest, gain_db: NDArray[np.float64] | None) -> dict[int, str]:
    """By fibre: which of its spans an amplifier of the request cannot make up for.

    ``gain_db`` is float (bands,), the largest gain of each; None where nobody asked for light.
    """
    if gain_db is None:
        return {}
    least = int(np.argmin(gain_db))
    most_db = float(gain_db[least])
    gain = f"amplifier '{request.amplifiers[least]}' gains {most_db:g} dB at most"
    return {
        route.fibre: f"{_spans(request, route)}, and {gain}"
        for route in request.routes
        if span_loss_db(request, route) > most_db
    }


def named(reason: str, request: LineRequest, network: Network) -> str:
    """A reason of GNPy's with its spans called by the fibres of the network."""

    def called(span: re.Match[str]) -> str:
        route, way, place = (int(number) for number in span.groups())
        fibre = network.fibres[request.routes[route].fibre]
        source, target = (fibre.z, fibre.a) if way else (fibre.a, fibre.z)
        return f"span {place + 1} of fibre '{fibre.name}' from '{source}' to '{target}'"

    return SPAN.sub(called, reason)


def _spans(request: LineRequest, route: TerrestrialRoute) -> str:
    spans = span_count(request, route)
    km, loss_db = route.length_km / spans, span_loss_db(request, route)
    each = "its one span" if spans == 1 else f"each of its {spans} spans"
    return f"{each} of {km:.1f} km loses {loss_db:.1f} dB"
