"""The web room as Django knows it."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The desk: screens for headquarters and community offices."""

    name = "muster.web"
    label = "web"
