"""States of a duty, kinds of check-in, and the rules of rest by name."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

NIGHTS = "nights"
"""The restriction that keeps a person off every night pattern, whatever the post."""
WEEKENDS = "weekends"
"""The restriction that keeps a person off Saturdays and Sundays."""


class DutyState(models.TextChoices):
    """Whether a duty stands. Whether the person came is told by check-ins, not by a state."""

    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("cancelled")


class CheckInKind(models.TextChoices):
    """What a person reports at a post."""

    IN = "in", _("came")
    OUT = "out", _("left")


class RestRule(models.TextChoices):
    """The rules of rest that a duty can break."""

    REST = "rest", _("rest between shifts")
    DAYS_IN_ROW = "days_in_row", _("days in a row")
    WEEK = "week", _("hours in a week")
    NIGHTS = "nights", _("nights in four weeks")


class Unfit(models.TextChoices):
    """Why a person cannot stand on a shift, whatever they have done before."""

    NOT_SERVING = "not_serving", _("has not agreed to serve")
    ABSENT = "absent", _("absent")
    UNABLE = "unable", _("lacks an ability the post needs")
    RESTRICTED = "restricted", _("is spared this kind of post")
    NO_NIGHTS = "no_nights", _("is not put on nights")
    NO_WEEKENDS = "no_weekends", _("is spared weekends")


class NoticeKind(models.TextChoices):
    """What a person says of a duty that they have."""

    ILL = "ill", _("is ill")
    UNABLE = "unable", _("cannot come")
    LATE = "late", _("comes late")


LEAVES_EMPTY = frozenset({NoticeKind.ILL, NoticeKind.UNABLE})
"""Notices after which nobody stands on the place any more."""


class CoverReason(models.TextChoices):
    """Why somebody else is asked to stand on a shift."""

    EMPTY = "empty", _("the place is empty")
    ABSENT = "absent", _("not at the post")
    ILL = "ill", _("is ill")
    UNABLE = "unable", _("cannot come")
    LATE = "late", _("comes late")


class CoverState(models.TextChoices):
    """How far a request for cover has come."""

    OPEN = "open", _("being asked")
    FILLED = "filled", _("filled")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("nobody was found")


class OfferState(models.TextChoices):
    """What became of asking one person."""

    OFFERED = "offered", _("asked")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("cannot come")
    TOO_LATE = "too_late", _("came too late")
    HINDERED = "hindered", _("was kept from it by a rule")
    WITHDRAWN = "withdrawn", _("no longer needed")
    EXPIRED = "expired", _("did not answer")


class SwapState(models.TextChoices):
    """How far the change of a duty between two people has come."""

    PROPOSED = "proposed", _("proposed")
    AGREED = "agreed", _("agreed, waits for the officer")
    DONE = "done", _("done")
    DECLINED = "declined", _("declined")
    REFUSED = "refused", _("refused by the officer")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("too late")


OPEN_SWAPS = (SwapState.PROPOSED, SwapState.AGREED)
"""States in which a swap still waits for somebody."""


class CoverRefusal(models.TextChoices):
    """Why an answer to an offer or a swap changes nothing. Closed: programs keep the code, people read the sentence."""

    NOT_THERE = "not_there", _("There is no such offer.")
    TOO_LATE = "too_late", _("Somebody was quicker; the place is filled. Thank you.")
    NOT_NEEDED = "not_needed", _("Nobody is needed there any more. Thank you.")
    OVER = "over", _("It is over; nothing is changed any more.")
    ANSWERED = "answered", _("This was answered before.")
    NEEDS_REST = "needs_rest", _("The rest before or after it would be too short. Nothing was changed.")
    UNFIT = "unfit", _("A rule keeps this person from that post. Nothing was changed.")
    CHANGED = "changed", _("The roster has changed since. Nothing was changed.")
    BUSY = "busy", _("For one of these duties something is open already. Wait for the answer to that.")
    NOT_BETWEEN_TWO = "not_between_two", _("A swap is between two people, each with a duty of their own.")
    EMERGENCY_ENDED = "emergency_ended", _("The emergency has ended.")
