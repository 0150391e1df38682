"""The command line: verbs, progress and pages; no arithmetic.

A verb's module is imported when the verb runs, so that ``--help`` pays for no engine.
"""

from arterial.cli.app import main

__all__ = ["main"]
