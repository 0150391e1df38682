"""highspy ships its own types; this adds the one method they leave out."""

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
