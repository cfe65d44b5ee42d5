"""Kinds of organization that come with Muster."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganizationKind(models.TextChoices):
    """The usual kinds; an import may bring others."""

    AGENCY = "agency", _("agency")
    ENTERPRISE = "enterprise", _("enterprise")
    HOSPITAL = "hospital", _("hospital")
    SCHOOL = "school", _("school")
    BRANCH = "branch", _("branch")
    COMMITTEE = "committee", _("committee")
    VOLUNTEERS = "volunteers", _("volunteer corps")
