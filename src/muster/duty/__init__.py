"""Posts, shifts, rosters and check-ins: who stands where, and is rested."""
