"""The duplicates room as Django knows it."""

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    """Records that stand twice: found, made one, and parted again exactly as they were."""

    name = "muster.duplicates"
    label = "duplicates"
