from gnpy.core.elements import Fiber
from gnpy.core.info import SpectralInformation

class RamanSolver:
    @staticmethod
    def calculate_stimulated_raman_scattering(
        spectral_info: SpectralInformation, fiber: Fiber
    ) -> object: ...
