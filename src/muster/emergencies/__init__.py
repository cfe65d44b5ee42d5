"""Emergencies, and the footing of areas and organizations in them."""
