"""The duty room as Django knows it."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    """Posts, shifts, rosters and check-ins: who stands where, and is rested."""

    name = "muster.duty"
    label = "duty"
