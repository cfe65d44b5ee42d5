"""Kept plans: problem, seed and solver version, so that any night can be solved again."""
