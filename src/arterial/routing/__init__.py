"""Traffic on given paths: by class, by how full links get; each answer with its bound."""
