"""One file that a planner prints: verdict, map, what to build, and every figure's source."""

from arterial.report.map import map_svg
from arterial.report.page import render

__all__ = ["map_svg", "render"]
