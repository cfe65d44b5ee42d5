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
    SEE_ORGANIZATION = "see_organization"
    SEE_PEOPLE = "see_people"
    SEE_PHONES = "see_phones"
    APPOINT = "appoint"
    PLAN = "plan"
    PUBLISH = "publish"
    ANSWER = "answer"
    REPORT = "report"
    EXPORT = "export"
    IMPORT = "import"
    ACTIVATE = "activate"
    GRANT = "grant"
    SEE_AUDIT = "see_audit"


_PLANS = frozenset({Right.SEE_AREA, Right.SEE_ORGANIZATION, Right.SEE_PEOPLE, Right.APPOINT, Right.PLAN, Right.EXPORT})

RIGHTS: dict[str, frozenset[Right]] = {
    Role.DUTY_OFFICER: _PLANS
    | {Right.PUBLISH, Right.ANSWER, Right.REPORT, Right.IMPORT, Right.ACTIVATE, Right.SEE_PHONES, Right.GRANT},
    Role.COMMUNITY_WORKER: _PLANS | {Right.REPORT, Right.GRANT},
    Role.ORGANIZATION_LIAISON: frozenset({Right.SEE_AREA, Right.SEE_ORGANIZATION, Right.ANSWER}),
    Role.WARDEN: frozenset({Right.SEE_AREA, Right.REPORT}),
    Role.AUDITOR: frozenset({Right.SEE_AREA, Right.SEE_ORGANIZATION, Right.SEE_AUDIT}),
}

ORGANIZATION_ROLES = frozenset({Role.ORGANIZATION_LIAISON})
"""Roles that are given over an organization; all others are given over an area."""
