"""What stands in the way of undoing an import, in the words of the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

_ROWS = {
    "territory.Area": _("areas"),
    "people.Person": _("people"),
    "people.Absence": _("absences"),
    "organizations.Organization": _("organizations"),
    "organizations.Alliance": _("alliances"),
    "organizations.AllianceSeat": _("seats in alliances"),
    "membership.Membership": _("memberships"),
    "access.User": _("accounts"),
    "access.Grant": _("roles of accounts"),
    "emergencies.Emergency": _("emergencies"),
    "coverage.Appointment": _("appointments"),
    "coverage.Pairing": _("pairings"),
    "plans.Plan": _("plans"),
    "duty.Post": _("posts"),
    "duty.Demand": _("needs of posts"),
    "duty.Shift": _("shifts"),
    "duty.Duty": _("duties"),
    "needs.Need": _("needs"),
}


def say_rows(label: str) -> str:
    """Say what the rows of a model are; the model's own name where the desk has no word for it."""
    return str(_ROWS.get(label, label.partition(".")[2]))
