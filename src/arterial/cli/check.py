"""``arterial check``."""

from arterial.cli.options import Json, Network, answer
from arterial.cli.show import amount, facts, heading, lines, table
from arterial.study import check as study

__all__ = ["check"]


def check(network: Network, /, *, json: Json = False) -> int:
    """Read a network folder: what it holds, what is unknown, everything wrong in it.

    Exits 0 if the description is sound, 2 if it is not.
    """
    answer(study.check(network), _page, as_json=json)
    return 0


def _page(found: study.Checked) -> None:
    heading(f"{found.name}: the description is sound")
    facts(
        [
            ("title", found.title or "-"),
            ("sites", f"{found.sites} ({found.campuses} campuses, {found.edges} edges)"),
            ("candidate edges", str(found.candidate_edges)),
            ("markets", f"{found.markets}, {amount(found.people)} people"),
            ("fibres", f"{found.fibres} ({found.candidate_fibres} candidates)"),
            ("fibre length", f"{amount(found.fibre_km)} km"),
            ("subsea systems", "; ".join(found.subsea) or "none"),
            ("ready-made links", str(found.links)),
            ("shared risks", str(found.risks)),
            ("pluggable modes", str(found.modes)),
            ("loads", ", ".join(found.loads) or "none"),
            ("assumptions", f"{found.assumptions}; the report lists them"),
            ("hash", found.hash),
        ]
    )
    if found.unknown:
        heading("unknown, so not proved")
        rows = [(row.what, f"{row.count} of {row.of}", row.blocks) for row in found.unknown]
        table(("figure", "rows>", "what it leaves open"), rows)
    lines(found.notes)
