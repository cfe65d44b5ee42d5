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


class PairingState(models.TextChoices):
    """How far a pairing has come: it stands until the organization declines or headquarters recalls it."""

    PROPOSED = "proposed", _("not answered yet")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    RECALLED = "recalled", _("recalled")
    ENDED = "ended", _("has ended")


STANDING = (PairingState.PROPOSED, PairingState.ACCEPTED)
"""States in which an organization answers for the area."""

SETTLED = (PairingState.DECLINED, PairingState.RECALLED, PairingState.ENDED)
"""States from which a pairing does not go on."""


class Exclusion(models.TextChoices):
    """Why a person cannot be appointed."""

    NOT_SERVING = "not_serving", _("does not serve")
    NO_CONSENT = "no_consent", _("has not consented")
    ABSENT = "absent", _("is absent")
    FULL = "full", _("answers for as many areas as allowed")


class GapReason(models.TextChoices):
    """Why an area has nobody."""

    NOT_APPOINTED = "not_appointed", _("nobody has been appointed yet")
    ENDED = "ended", _("the appointment ended")
    NO_CANDIDATE = "no_candidate", _("nobody lives or works nearby")
    EXCLUDED = "excluded", _("everybody nearby is excluded by a rule")
    ALL_FULL = "all_full", _("too few people for the areas that compete for them")
    NO_CAPACITY = "no_capacity", _("no organization has people left")
    DECLINED = "declined", _("the organization declined")
    RECALLED = "recalled", _("headquarters recalled the organization")


class Remedy(models.TextChoices):
    """What would close a gap."""

    ASK = "ask", _("ask these people")
    RAISE_LIMIT = "raise_limit", _("let these people answer for one area more")
    FIND_PEOPLE = "find_people", _("find more people in the neighborhood")
    OFFER_MORE = "offer_more", _("ask organizations to offer more people")


class Nearness(models.IntegerChoices):
    """How near a person is to an area, nearest first."""

    LIVES_HERE = 0, _("lives here")
    SAME_BUILDING = 1, _("lives in the same building")
    SAME_COMPOUND = 2, _("lives in the same compound")
    SAME_COMMUNITY = 3, _("lives in the same community")
    WORKS_NEARBY = 4, _("works in the same community")
    SAME_TOWNSHIP = 5, _("lives in the same township")
    FAR = 6, _("from elsewhere")
