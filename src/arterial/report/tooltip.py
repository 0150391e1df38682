"""What the map says of a mark or a line when it is pointed at."""

from arterial.report.view import FibreView, LinkView, SiteView
from arterial.report.words import amount, people, percent, rate

__all__ = ["fibre_words", "link_words", "route_words", "site_words"]


def route_words(fibre: FibreView) -> str:
    """A fibre route's name, ends and length."""
    length = f", {amount(fibre.length_km, 0)} km" if fibre.length_km is not None else ""
    return f"Fibre {fibre.name} ({fibre.a} to {fibre.z}{length})"


def fibre_words(fibre: FibreView) -> str:
    """What a lit fibre carries, and its worst case."""
    words = (
        f"{route_words(fibre)}: {fibre.pairs} of {fibre.pairs_total} pairs lit, "
        f"{rate(fibre.rate_gbps)}, band {percent(fibre.fill)} full on the fullest pair"
    )
    if fibre.utilisation is None:
        return words + "; worst case unknown"
    case = fibre.worst_case or "no failure"
    return f"{words}; worst {percent(fibre.utilisation, 1)} on {fibre.worst_link}, by {case}"


def link_words(link: LinkView) -> str:
    """An IP link's capacity and its worst case."""
    words = f"IP link {link.name} ({link.a} to {link.z}): {rate(link.capacity_gbps)}"
    if link.utilisation is None:
        return words + "; worst case unknown"
    return f"{words}; worst {percent(link.utilisation, 1)}, by {link.worst_case or 'no failure'}"


def site_words(site: SiteView) -> str:
    """What a site is."""
    words = [f"{site.name}: {site.kind.replace('-', ' ')}"]
    if site.mw:
        words.append(f"{amount(site.mw, 0)} MW planned")
    if site.people:
        words.append(f"{people(site.people)} people")
    if site.markets:
        words.append(f"answers {site.markets} markets first")
    return ", ".join(words)
