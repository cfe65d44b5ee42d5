"""Gaps: places with nobody, their age and their owner."""
