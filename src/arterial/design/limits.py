"""Whether a build fits what is there: ports, chassis and power of sites, ready-made links."""

from collections.abc import Sequence

from arterial.design.build import Build
from arterial.design.instance import Instance
from arterial.errors import InfeasibleError, SolverError
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.plan.rows import BillItem, BoughtUnit, IpLink, Lightpath

__all__ = ["check_given", "check_limits"]


def check_given(instance: Instance, build: Build) -> None:
    """Raise SolverError where a ready-made link is asked for more than it has, units sold in.

    The bound has told by then whether any routing fits; that none was found proves nothing.
    """
    for link, route in enumerate(instance.routes):
        if route.given and build.waves[link] > instance.most_waves[link]:
            has_gbps = float(instance.rate_gbps[link, 0] * instance.most_waves[link])
            raise SolverError(
                "design search",
                f"no routing found that asks no more of link '{route.given}' than its"
                f" {has_gbps:g} Gb/s, head-room counted; more capacity on it or another link"
                " beside it may give one",
            )


def check_limits(
    network: Network,
    links: Sequence[IpLink],
    lightpaths: Sequence[Lightpath],
    bill: Sequence[BillItem],
    bought: Sequence[BoughtUnit] = (),
) -> None:
    """Raise InfeasibleError for the first site that is asked for more than it has."""
    ends = {link.name: (link.a, link.z) for link in links}
    ports: dict[str, int] = {}
    watts: dict[str, float] = {}
    for wave in lightpaths:
        each = wave.watts / 2.0 / (1 + len(wave.regenerators))
        for site in ends[wave.link]:
            ports[site] = ports.get(site, 0) + 1
            watts[site] = watts.get(site, 0.0) + each
        for site in wave.regenerators:
            watts[site] = watts.get(site, 0.0) + 2.0 * each
    for unit in bought:
        for site in ends[unit.link]:
            ports[site] = ports.get(site, 0) + 1
    chassis = {item.where: item.quantity for item in bill if item.item == "chassis"}
    for site in network.sites:
        for what, asked, has in _asked(site, ports, chassis, watts):
            if has is not None and asked > has:
                raise InfeasibleError(
                    f"site '{site.name}'",
                    f"{asked:g} {what} are needed and it has {has:g}",
                    (f"more {what} at '{site.name}'", "modes of a higher rate", "another edge"),
                )


def _asked(
    site: Site, ports: dict[str, int], chassis: dict[str, float], watts: dict[str, float]
) -> tuple[tuple[str, float, float | None], ...]:
    power_w = None if site.power_kw is None else site.power_kw * 1000.0
    return (
        (
            "ports",
            float(ports.get(site.name, 0)),
            None if site.ports is None else float(site.ports),
        ),
        ("chassis", chassis.get(site.name, 0.0), None if site.slots is None else float(site.slots)),
        ("watts", watts.get(site.name, 0.0), power_w),
    )
