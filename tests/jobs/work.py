"""Work for other processes: at the top of a module, as it must be."""

import os
import threading

from arterial.errors import InfeasibleError


def squared(number, report):
    report(f"task {number}", 1.0, 1.0)
    return number * number


def refused(number, _report):
    raise InfeasibleError(f"demand {number}", "no fibre", ("a fibre",))


def endless(number, report):
    """Says which process it is, and never ends by itself."""
    report(f"process {os.getpid()}", 0.0, 1.0)
    if number < 0:
        raise InfeasibleError("demand 0", "no fibre", ())
    threading.Event().wait()
