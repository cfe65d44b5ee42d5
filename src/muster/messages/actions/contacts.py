"""Telling how somebody is reached, and when not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from muster.kernel.audit import Actor, record
from muster.kernel.errors import MusterError
from muster.kernel.kinds import Verb
from muster.messages.actions.queuing import Recipient
from muster.messages.kinds import Channel
from muster.messages.models import Contact, QuietHours
from muster.messages.rules import DAY_MIN, QuietSpan
from muster.people.models import Person

MOST_DEVICES = 5
"""How many browsers of one person are pushed to; the newest stay."""


def set_contact(*, actor: Actor, now: datetime, of: Recipient, channel: Channel, address: str) -> None:
    """Set how a person or an office is reached on a channel; an empty address takes it away.

    A person may have several browsers, and has one address on any other channel.
    """
    mine = _subject(of)
    with transaction.atomic():
        standing = Contact.objects.filter(**mine, channel=channel).order_by("-set_at")
        if channel == Channel.PUSH and address:
            stale = [one.pk for one in standing if one.address == address] + [one.pk for one in standing[MOST_DEVICES:]]
        else:
            stale = [one.pk for one in standing]
        Contact.objects.filter(pk__in=stale).delete()
        if address:
            Contact.objects.create(**mine, channel=channel, address=address, set_at=now)
        record(
            actor=actor,
            now=now,
            verb=Verb.CONTACT_SET,
            subject_kind="person" if isinstance(of, Person) else "area",
            subject_id=of.code,
            detail={"channel": channel, "is_set": bool(address)},
        )


def set_quiet_hours(*, actor: Actor, now: datetime, of: Recipient, span: QuietSpan | None) -> None:
    """Set the hours in which what can wait does not disturb somebody; None takes them away.

    Raises
    ------
    MusterError
        If the hours are none.
    """
    if span is not None and not (0 <= span.starts_min < DAY_MIN and 0 <= span.ends_min < DAY_MIN):
        raise MusterError("Hours begin and end within a day.", remedy="Give minutes from 0 to 1439.")
    mine = _subject(of)
    with transaction.atomic():
        if span is None:
            QuietHours.objects.filter(**mine).delete()
        else:
            QuietHours.objects.update_or_create(**mine, defaults=span._asdict())
        record(
            actor=actor,
            now=now,
            verb=Verb.CONTACT_SET,
            subject_kind="person" if isinstance(of, Person) else "area",
            subject_id=of.code,
            detail={"quiet": list(span) if span else None},
        )


def _subject(of: Recipient) -> dict[str, Any]:
    return {"person" if isinstance(of, Person) else "area": of}
