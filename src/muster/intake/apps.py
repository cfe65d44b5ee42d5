"""The room of lists that come in."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Installs the room."""

    name = "muster.intake"
    label = "intake"
