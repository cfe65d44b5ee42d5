"""Roles, and what each may do within its scope."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is to the system, within a scope of areas or organizations."""

    DUTY_OFFICER = "duty_officer", _("duty officer")
    COMMUNITY_WORKER = "community_worker", _("community worker")
    ORGANIZATION_LIAISON = "organization_liaison", _("organization liaison")
    WARDEN = "warden", _("warden")
    AUDITOR = "auditor", _("auditor")


class Right(StrEnum):
    """An act that a role allows."""

    SEE_AREA = "see_area"
    SEE_PEOPLE = "see_people"
    APPOINT = "appoint"
    PLAN = "plan"
    PUBLISH = "publish"
    EXPORT = "export"
    IMPORT = "import"
    SEE_AUDIT = "see_audit"


RIGHTS: dict[str, frozenset[Right]] = {
    Role.DUTY_OFFICER: frozenset(
        {
            Right.SEE_AREA,
            Right.SEE_PEOPLE,
            Right.APPOINT,
            Right.PLAN,
            Right.PUBLISH,
            Right.EXPORT,
            Right.IMPORT,
        }
    ),
    Role.COMMUNITY_WORKER: frozenset({Right.SEE_AREA, Right.SEE_PEOPLE, Right.APPOINT, Right.PLAN, Right.EXPORT}),
    Role.ORGANIZATION_LIAISON: frozenset({Right.SEE_AREA}),
    Role.WARDEN: frozenset({Right.SEE_AREA}),
    Role.AUDITOR: frozenset({Right.SEE_AREA, Right.SEE_AUDIT}),
}
