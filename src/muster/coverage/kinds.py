"""Roles on an area, states of coverage, duties that a paired organization takes over."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppointmentRole(models.TextChoices):
    """Who somebody is to an area."""

    WARDEN = "warden", _("warden")
    DEPUTY = "deputy", _("deputy")


class CoverageState(models.TextChoices):
    """How an area stands."""

    COVERED = "covered", _("covered")
    DEPUTY_ONLY = "deputy_only", _("deputy only")
    GAP = "gap", _("gap")


class PairingDuty(models.TextChoices):
    """What a paired organization takes over from a community."""

    GATE = "gate", _("gate watch")
    DELIVERY = "delivery", _("shopping and delivery")
    REGISTRATION = "registration", _("door-to-door registration")
    DISINFECTION = "disinfection", _("disinfection")
    HOTLINE = "hotline", _("telephone watch")
