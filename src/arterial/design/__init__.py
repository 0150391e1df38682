"""What to build: whole waves on candidate lightpaths so that the policy table holds, at least cost."""
