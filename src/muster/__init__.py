"""Muster: a city mobilized, from headquarters to one entrance of one building."""
