"""Edges, replicas and network chosen together: a search over placements, and a bound for all.

One set of candidate lightpaths serves every placement, so that plans and their bound compare.
"""
