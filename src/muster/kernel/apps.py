"""The kernel room as Django knows it."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The ground under every room: clock, ids, places on the earth, errors, the audit trail."""

    name = "muster.kernel"
    label = "kernel"
