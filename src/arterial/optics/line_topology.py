"""The line system in GNPy's own words: equipment library and topology as dictionaries.

A ROADM and a transceiver a site, two strings of fibre spans a route, one each way; GNPy puts the
amplifiers between them. Spans are cut evenly at ``span_km`` or less, so that the huts that physics
sees are the huts that the bill counts. The reference channel that amplifiers are set for is GNPy's
own example: 0 dBm into each span at 32 GBd in 50 GHz; ROADMs keep power spectral density constant,
so a wide channel gets power in proportion. Only the named amplifiers are used: GNPy chooses where
it puts single-band ones, while those of two bands stand in the topology already, since its own
placing knows one band only.
"""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from arterial.optics.line_request import LineRequest, TerrestrialRoute, span_count

__all__ = ["LAUNCH_DBM", "ROLL_OFF", "equipment_library", "span_uid", "topology", "transceiver_uid"]

LAUNCH_DBM = 0.0
"""Power of the 32 GBd reference channel into a span, and out of a transmitter: GNPy's example."""

REFERENCE = {
    "baud_rate": 32e9,
    "spacing": 50e9,
    "power_dbm": LAUNCH_DBM,
    "tx_power_dbm": LAUNCH_DBM,
}

ROLL_OFF = 0.15

Words = dict[str, Any]


def equipment_library(
    request: LineRequest,
    example: Mapping[str, list[Words]],
    multiband: Mapping[str, list[Words]],
) -> dict[str, list[Words]]:
    """GNPy's example library with the line system of the request in it.

    ``multiband`` is its example for two bands: the L band's amplifiers come from there.
    """
    carried = {
        **example["SI"][0],
        **REFERENCE,
        "f_min": request.f_min_thz * 1e12,
        "f_max": request.f_max_thz * 1e12,
        "roll_off": ROLL_OFF,
        "tx_osnr": request.tx_osnr_db,
        "sys_margins": 0,
    }
    roadm: Words = {
        "target_psd_out_mWperGHz": request.psd_mw_per_ghz,
        "add_drop_osnr": request.add_drop_osnr_db,
        "pmd": 0,
        "pdl": 0,
        "restrictions": {"preamp_variety_list": [], "booster_variety_list": []},
    }
    return {
        **example,
        "SI": _bands(request, carried),
        # Spans arrive cut; GNPy's own cutting must find none of them too long.
        "Span": [{**example["Span"][0], "max_length": math.ceil(request.span_km) + 1}],
        "Roadm": [roadm],
        "Edfa": _amplifiers(request, example["Edfa"], multiband["Edfa"]),
    }


def topology(request: LineRequest) -> Words:
    """Elements and connections of every route of the request, both ways."""
    sites = sorted({site for route in request.routes for site in (route.a, route.z)})
    elements: list[Words] = []
    connections: list[tuple[str, str]] = []
    for site in sites:
        terminal, roadm = transceiver_uid(site), _roadm_uid(site)
        elements += [{"uid": terminal, "type": "Transceiver"}, {"uid": roadm, "type": "Roadm"}]
        connections += [(terminal, roadm), (roadm, terminal)]
    for number, route in enumerate(request.routes):
        for way, (source, target) in enumerate([(route.a, route.z), (route.z, route.a)]):
            spans = _spans(request, route, number, way)
            elements += spans
            uids = [_roadm_uid(source), *(span["uid"] for span in spans), _roadm_uid(target)]
            if request.l_band is not None:
                uids, amplifiers = _amplified(uids, _both_bands(request))
                elements += amplifiers
            connections += pairwise(uids)
    return {
        "elements": elements,
        "connections": [{"from_node": one, "to_node": other} for one, other in connections],
    }


def transceiver_uid(site: int) -> str:
    """The transceiver of a site."""
    return f"trx {site}"


def span_uid(number: int, way: int, span: int) -> str:
    """A span of route ``number`` of the request, from a to z (0) or back (1), counted from 0."""
    return f"span {number} {way} {span}"


def _roadm_uid(site: int) -> str:
    return f"roadm {site}"


def _bands(request: LineRequest, carried: Words) -> list[Words]:
    """What amplifiers are set for: the C band, and below it the L band where there is one."""
    if request.l_band is None:
        return [carried]
    # Each band's amplifier is set for the channels of its own band, not for as many as C has.
    c_band = {**carried, "use_si_channel_count_for_design": False}
    ends = {
        "f_min": request.l_band.f_min_thz * 1e12,
        "f_max": request.l_band.f_max_thz * 1e12,
    }
    return [c_band, {**c_band, **ends, "type_variety": "L"}]


def _amplifiers(request: LineRequest, example: list[Words], multiband: list[Words]) -> list[Words]:
    """The library's amplifiers, of which only what the request names may be placed."""
    if request.l_band is None:
        return [
            {**amplifier, "allowed_for_design": amplifier["type_variety"] == request.amplifier}
            for amplifier in example
        ]
    listed = {amplifier["type_variety"] for amplifier in example}
    single = [
        *example,
        *(amplifier for amplifier in multiband if amplifier["type_variety"] not in listed),
    ]
    both = {
        "type_variety": _both_bands(request),
        "type_def": "multi_band",
        "amplifiers": [request.amplifier, request.l_band.amplifier],
    }
    return [
        *({**amplifier, "allowed_for_design": False} for amplifier in single),
        {**both, "allowed_for_design": True},
    ]


def _both_bands(request: LineRequest) -> str:
    return " + ".join(request.amplifiers)


def _amplified(uids: list[str], variety: str) -> tuple[list[str], list[Words]]:
    """A string of elements with an amplifier of two bands between each and the next."""
    amplified, amplifiers = [uids[0]], list[Words]()
    for before, after in pairwise(uids):
        uid = f"amplifier {before} to {after}"
        amplifiers.append(
            {
                "uid": uid,
                "type": "Multiband_amplifier",
                "type_variety": variety,
                "amplifiers": [],
            }
        )
        amplified += [uid, after]
    return amplified, amplifiers


def _spans(request: LineRequest, route: TerrestrialRoute, number: int, way: int) -> list[Words]:
    count = span_count(request, route)
    return [
        {
            "uid": span_uid(number, way, span),
            "type": "Fiber",
            "type_variety": route.type,
            "params": {
                "length": route.length_km / count,
                "length_units": "km",
                "loss_coef": route.loss_db_per_km,
                "con_in": request.connector_db,
                "con_out": request.connector_db,
            },
        }
        for span in range(count)
    ]
