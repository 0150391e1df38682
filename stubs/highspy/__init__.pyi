"""highspy ships its own types; this adds methods they leave out."""

import numpy as np
from highspy._core import HighsInfo as HighsInfo
from highspy._core import HighsLp as HighsLp
from highspy._core import HighsModelStatus as HighsModelStatus
from highspy._core import HighsSolution as HighsSolution
from highspy._core import HighsStatus as HighsStatus
from highspy._core import HighsVarType as HighsVarType
from highspy._core import MatrixFormat as MatrixFormat
from highspy._core import SolutionStatus as SolutionStatus
from highspy._core import _Highs
from numpy.typing import NDArray

class Highs(_Highs):
    def getDualRay(self) -> tuple[HighsStatus, bool, NDArray[np.float64]]: ...
    def changeRowsBounds(
        self,
        num_rows: int,
        rows: NDArray[np.int32],
        lower_bounds: NDArray[np.float64],
        upper_bounds: NDArray[np.float64],
    ) -> HighsStatus: ...
