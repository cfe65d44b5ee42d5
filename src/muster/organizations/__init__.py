"""The organizations seated in the territory, and their alliances."""
