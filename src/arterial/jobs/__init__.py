"""Long work that loses nothing: atomic files, results kept by their input, progress, ledgers."""
