"""What can stand twice, and what makes two records look like one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordKind(models.TextChoices):
    """What a record is about; the word that the audit trail knows it by."""

    PERSON = "person", _("person")
    ORGANIZATION = "organization", _("organization")


class Likeness(models.TextChoices):
    """What makes two records look like one."""

    PHONE = "phone", _("the same telephone number")
    NAME_AND_HOME = "name_and_home", _("the same name in the same home")
    SOUND_AND_HOME = "sound_and_home", _("names that sound the same in the same home")
    NAME_AND_ORGANIZATION = "name_and_organization", _("the same name in the same organization")
    NAME = "name", _("the same name")
    NAME_AND_SEAT = "name_and_seat", _("the same name in the same seat")
