"""The one door to HiGHS: programs as arrays in; primal, dual, bound and status out."""
