"""Kinds of gap, and what happens to one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class GapKind(models.TextChoices):
    """A place with nobody."""

    AREA_WITHOUT_WARDEN = "area_without_warden", _("no warden")
    AREA_WITHOUT_DEPUTY = "area_without_deputy", _("no deputy")
    AREA_WITHOUT_PAIRING = "area_without_pairing", _("no paired organization")
    SHIFT_UNFILLED = "shift_unfilled", _("place unfilled")
    POST_UNATTENDED = "post_unattended", _("not at the post")
    NEED_UNANSWERED = "need_unanswered", _("need unanswered")
    WATCH_MISSED = "watch_missed", _("watch duty missed")
    MESSAGE_UNDELIVERED = "message_undelivered", _("message undelivered")


class GapStepKind(models.TextChoices):
    """What happened to a gap while it stood open."""

    TOLD = "told", _("told")
    ESCALATED = "escalated", _("passed on")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    TAKEN_OVER = "taken_over", _("taken over")
    GIVEN_BACK = "given_back", _("given back")
    LAPSED = "lapsed", _("held too long: the clock runs again")
    CLOSED = "closed", _("closed by hand")
