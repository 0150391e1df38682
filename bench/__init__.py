"""Benchmarks: each figure beside a peer or a calibration kernel of the same run, never a test.

A machine is faster or slower than the next one; a ratio within one run means something on both.
"""
