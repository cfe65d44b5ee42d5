"""The duty room as Django knows it."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    """Posts, shifts, rosters and check-ins: who stands where, and is rested."""

    name = "muster.duty"
    label = "duty"

    def ready(self) -> None:
        """Follow emergencies: duties that have not begun are called off as one ends, and nobody is asked any more."""
        from muster.duty.actions.ending import end_duties  # noqa: PLC0415  # models must load first
        from muster.emergencies.followers import follow  # noqa: PLC0415

        follow("duty", begin=lambda emergency, now: None, end=end_duties)
