"""The people room as Django knows it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people: where they live and work, what they can do, when they are free."""

    name = "muster.people"
    label = "people"
