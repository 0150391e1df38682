"""Paths over arrays: shortest, k shortest, risk-diverse. No names, no units but the weight's."""
