"""Which two edges never fail a market together: what a failure leaves of each round trip.

A pair that fails here fails whatever is built, since no route over any fibre keeps the bound. A pair
that stands may still be lost to a lack of spectrum or capacity: the design finds that out.
"""

from collections.abc import Sequence

import numpy as np

from arterial.demand.offers import Offer
from arterial.fabric.failures import Failure
from arterial.model.network import Network
from arterial.placement.edges import edge_sites
from arterial.placement.latency import planning_rtt_ms
from arterial.solve.program import BoolArray

__all__ = ["apart_after"]


def apart_after(
    network: Network, offers: Sequence[Offer], failures: Sequence[Failure]
) -> BoolArray:
    """Pairs of edges of which one is within the market's bound after every failure.

    Parameters
    ----------
    offers
        The markets, in the order of the rows.
    failures
        Those after which people must be served. The loss of a market's own site does not count
        for that market: nobody is left there to serve.

    Returns
    -------
    bool (markets, edges, edges)
        Symmetric; what ``arterial.placement.replicas.place`` takes as ``apart``.
    """
    count = len(edge_sites(network))
    limit_ms = np.array([offer.limit_rtt_ms for offer in offers], dtype=np.float64)
    lost = np.zeros((len(offers), len(failures), count), dtype=np.float32)
    for case, failure in enumerate(failures):
        late = ~(planning_rtt_ms(network, offers, failure) <= limit_ms[:, None])
        own = np.array([failure.kind == "site" and failure.site == offer.site for offer in offers])
        lost[:, case] = late & ~own[:, None]
    # Counted in float32 because BLAS has no boolean product; counts stay far below 2**24.
    return lost.transpose(0, 2, 1) @ lost == 0.0
