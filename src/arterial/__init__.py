"""Arterial designs, proves and runs the backbone under AI.

Nothing is imported here: a verb pays only for the libraries it uses. Start at `arterial.study`,
whose typed functions are what the command line, the web and notebooks call.
"""

__version__ = "0.1.0"
