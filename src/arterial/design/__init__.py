"""What to build: whole waves on candidate lightpaths, at least cost, so that the policy holds."""
