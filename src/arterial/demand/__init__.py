"""Workloads to traffic: what markets ask, what training moves, as directed demands by class."""
