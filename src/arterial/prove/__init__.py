"""Whether a plan holds: failure sweeps, a verifier that is a stranger to the design, and gates."""
