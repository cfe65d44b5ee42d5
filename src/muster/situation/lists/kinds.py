"""What lists are filtered and sorted by. Sorting by nights and by rest is there to spare people, not to rank them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleFilter(models.TextChoices):
    """What somebody is in the emergency at the moment."""

    WARDEN = "warden", _("warden")
    DEPUTY = "deputy", _("deputy")
    ON_DUTY = "duty", _("on duty now")
    NONE = "none", _("answers for no area")


class Availability(models.TextChoices):
    """Whether somebody may be called today."""

    FREE = "free", _("may be called today")
    AWAY = "away", _("away today")
    NOT_SERVING = "no", _("does not serve, or has not consented")


class PlaceFilter(models.TextChoices):
    """What somebody has to do with the area."""

    HOME = "home", _("lives here")
    WORK = "work", _("works here")


class PhoneFilter(models.TextChoices):
    """Whether somebody can be called."""

    YES = "yes", _("with a telephone")
    NO = "no", _("without a telephone")


class PeopleSort(models.TextChoices):
    """How people are sorted."""

    NAME = "name", _("by name")
    AREA = "area", _("by home")
    ROLE = "role", _("by role")
    NIGHTS = "nights", _("most nights first")
    REST = "rest", _("longest off duty first")


class OrganizationSort(models.TextChoices):
    """How organizations are sorted."""

    NAME = "name", _("by name")
    AREA = "area", _("by seat")
    OFFER = "offer", _("most people offered first")


class PairedFilter(models.TextChoices):
    """Whether an organization is responsible for an area in the emergency."""

    YES = "yes", _("paired")
    NO = "no", _("not paired")
