"""Long work that loses nothing: atomic files, content-addressed results, progress, local processes."""
