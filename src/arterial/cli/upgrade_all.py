"""What ``arterial upgrade`` shows of work on one pair of sites or on all."""

from collections.abc import Sequence

from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.design.stock import Exchanged
from arterial.design.works import Step
from arterial.study.upgrade_all import PairFigures, UpgradedAll

__all__ = ["page_of_all", "steps_and_pieces"]


def page_of_all(done: UpgradedAll) -> None:
    """Pairs, steps and one purchase list."""
    heading(
        f"{done.raised} of {done.raised + done.refused} pairs of sites raised"
        f" {amount(done.target_factor, 2)} times",
        done.verdict,
    )
    facts(
        [
            ("all IP links", f"{amount(done.gbps_before)} to {amount(done.gbps_after)} Gb/s"),
            ("to pay", f"{amount(done.cost, 2)}, pieces and power; freed ones bring nothing in"),
            ("bound", f"{amount(done.bound, 2)}, {done.bound_scope}; gap {percent(done.gap)}"),
            ("written to", done.output or "-"),
        ]
    )
    columns = ("a", "z", "verdict", "Gb/s before>", "target>", "after>", "routes>", "fastest mode")
    table(columns, [_pair(row) for row in done.pairs])
    lines(f"{row.a} to {row.z}: {why}" for row in done.pairs for why in row.why)
    if done.steps:
        steps_and_pieces(done.steps, done.exchanged)
    lines(done.notes)


def steps_and_pieces(steps: Sequence[Step], exchanged: Sequence[Exchanged]) -> None:
    """The order of the work, and what is bought, freed and used again."""
    columns = ("step>", "what", "wave", "from", "to", "link Gb/s>", "usable>", "load>", "holds")
    table((*columns, "after a failure"), [_step(step) for step in steps])
    lines(f"step {step.number}: {step.effect}" for step in steps)
    columns = ("piece", "where", "before>", "bought>", "freed>", "used again>", "after>", "cost>")
    table(columns, [_piece(row) for row in exchanged])


def _pair(row: PairFigures) -> tuple[str, ...]:
    rates = (row.gbps_before, row.target_gbps, row.gbps_after)
    told = tuple(amount(rate) for rate in rates)
    return (row.a, row.z, row.verdict, *told, str(row.routes), row.best_mode or "-")


def _step(step: Step) -> tuple[str, ...]:
    return (
        str(step.number),
        step.what,
        step.wave,
        step.before or "-",
        step.after or "-",
        amount(step.capacity_gbps),
        amount(step.usable_gbps),
        amount(step.load_gbps),
        "yes" if step.holds else "no",
        "holds" if step.holds_failed else f"not after {step.failed_case}",
    )


def _piece(row: Exchanged) -> tuple[str, ...]:
    counts = (row.before, row.bought, row.freed, row.reused, row.after)
    name = f"{row.item} {row.kind}".strip()
    return (name, row.where, *(str(count) for count in counts), amount(row.cost, 2))
