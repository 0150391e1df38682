"""The machine itself: a fixed kernel that tells one day's figures from another's."""

import numpy as np

from bench.row import Row, median_s

__all__ = ["run"]

SIDE = 512


def run() -> list[Row]:
    """Time one matrix product of 512 x 512, float64."""
    left = np.random.default_rng(0).random((SIDE, SIDE))
    return [
        Row(
            name="calibration: matrix product",
            own_s=median_s(lambda: left @ left, 21),
            note=f"numpy {np.__version__}, {SIDE} x {SIDE} float64",
        )
    ]
