"""Work for other processes: at the top of a module, as it must be."""

from arterial.errors import InfeasibleError


def squared(number, report):
    report(f"task {number}", 1.0, 1.0)
    return number * number


def refused(number, _report):
    raise InfeasibleError(f"demand {number}", "no fibre", ("a fibre",))
