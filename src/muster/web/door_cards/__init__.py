"""Door cards: who answers for a door, and how to ask, on paper that hangs there."""
