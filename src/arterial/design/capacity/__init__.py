"""Whole modules on candidate links at least cost, so that every case holds: problem, bound, point.

Stands alone: it knows arrays, paths and programs, and nothing of networks, light or replicas.
"""
