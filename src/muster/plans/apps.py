"""The plans room as Django knows it."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Kept plans: problem, seed and solver version, so that any night can be solved again."""

    name = "muster.plans"
    label = "plans"
