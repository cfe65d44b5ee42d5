"""Wardens, deputies and pairings: who answers for every doorway."""
