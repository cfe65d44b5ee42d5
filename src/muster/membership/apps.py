"""The membership room as Django knows it."""

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    """Who belongs to which organization, and since when."""

    name = "muster.membership"
    label = "membership"
