"""Light: reach, modes, regeneration and spectrum over fibre routes; the one door to GNPy."""
