"""The emergencies room as Django knows it."""

from django.apps import AppConfig


class EmergenciesConfig(AppConfig):
    """Emergencies, and the footing of areas and organizations in them."""

    name = "muster.emergencies"
    label = "emergencies"
