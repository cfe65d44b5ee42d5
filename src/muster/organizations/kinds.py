"""Kinds of organization that come with Muster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Required, TypedDict

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


KIND_WORDS: dict[str, str] = {
    "机关": OrganizationKind.AGENCY,
    "事业单位": OrganizationKind.AGENCY,
    "企业": OrganizationKind.ENTERPRISE,
    "医院": OrganizationKind.HOSPITAL,
    "学校": OrganizationKind.SCHOOL,
    "支部": OrganizationKind.BRANCH,
    "党支部": OrganizationKind.BRANCH,
    "委员会": OrganizationKind.COMMITTEE,
    "居委会": OrganizationKind.COMMITTEE,
    "志愿队": OrganizationKind.VOLUNTEERS,
    "志愿者队伍": OrganizationKind.VOLUNTEERS,
}
"""Other words for the kinds, as lists of offices have them."""


class OrganizationFacts(TypedDict, total=False):
    """What is said about an organization, by a file or a scenario. What is left out stays as it is known.

    ``parent`` is the code of the organization above, empty for none; ``seat`` is the code of an area;
    ``alliances`` are codes of the areas in whose alliances it sits.
    """

    code: Required[str]
    name: str
    kind: str
    parent: str
    seat: str
    people_offered: int
    alliances: Sequence[str]
    is_synthetic: bool
