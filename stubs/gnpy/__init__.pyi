"""What the door to GNPy calls, and no more: GNPy has no types of its own."""
