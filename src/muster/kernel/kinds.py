"""The closed list of acts that the audit trail knows."""

from __future__ import annotations

from django.db import models


class Verb(models.TextChoices):
    """What was done. Closed: a new act is a new line here."""

    IMPORTED = "imported"
    IMPORT_UNDONE = "import_undone"
    MERGED = "merged"
    MERGE_UNDONE = "merge_undone"
    KEPT_APART = "kept_apart"
    PHONE_SHOWN = "phone_shown"
    ABSENCE_NOTED = "absence_noted"
    ALLIANCE_FOUNDED = "alliance_founded"
    ALLIANCE_JOINED = "alliance_joined"
    ALLIANCE_LEFT = "alliance_left"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    OFFER_CHANGED = "offer_changed"
    USER_CREATED = "user_created"
    USER_CLOSED = "user_closed"
    USER_OPENED = "user_opened"
    PASSWORD_LINK_GIVEN = "password_link_given"  # noqa: S105  # a word, no secret
    PASSWORD_SET = "password_set"  # noqa: S105  # a word, no secret
    TOKEN_GIVEN = "token_given"  # noqa: S105  # a word, no secret
    TOKEN_REVOKED = "token_revoked"  # noqa: S105  # a word, no secret
    GRANTED = "granted"
    GRANT_ENDED = "grant_ended"
    SIGNED_IN = "signed_in"
    EMERGENCY_ACTIVATED = "emergency_activated"
    EMERGENCY_ENDED = "emergency_ended"
    APPOINTED = "appointed"
    APPOINTMENT_ENDED = "appointment_ended"
    PAIRED = "paired"
    PAIRING_STEP = "pairing_step"
    PLAN_ORDERED = "plan_ordered"
    PLAN_CANCELED = "plan_canceled"
    PLAN_SOLVED = "plan_solved"
    PLAN_PUBLISHED = "plan_published"
    PLAN_SET_ASIDE = "plan_set_aside"
    DUTY_CHANGED = "duty_changed"
    CHECKED_IN = "checked_in"
    HANDED_OVER = "handed_over"
    VISITED = "visited"
    WATCHED = "watched"
    CLOCK_SET = "clock_set"
    GAP_STEP = "gap_step"
    NEED_RAISED = "need_raised"
    NEED_STEP = "need_step"
    CONTACT_SET = "contact_set"
    MESSAGE_SENT = "message_sent"
    MESSAGE_FAILED = "message_failed"
    EXPORTED = "exported"
    FORGOTTEN = "forgotten"
