"""Putting messages into the outbox, in the transaction of what they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from muster.kernel import clock
from muster.kernel.audit import Actor, record
from muster.kernel.bulk import insert_once
from muster.kernel.kinds import Verb
from muster.messages.kinds import MessageState, Urgency
from muster.messages.models import Message
from muster.messages.wording import check_words
from muster.people.models import Person
from muster.territory.models import Area

Recipient = Person | Area
"""A person, or the office of an area."""


def queue_message(
    *,
    key: str,
    to: Recipient,
    wording: str,
    words: Mapping[str, str],
    urgency: Urgency = Urgency.CAN_WAIT,
    due_at: datetime | None = None,
) -> bool:
    """Queue a message, to be sent once the caller's transaction stands; the same key is queued once.

    Parameters
    ----------
    key
        Names what the message is about and whom it goes to, such as ``gap:4711:office:2207``.
    to
        Whom it goes to. How they are reached is looked up when it is sent.
    wording, words
        Which message, and the words for its holes.
    urgency
        Whether it passes through quiet hours.
    due_at
        Real moment before which it is not sent; now by default.

    Returns
    -------
    bool
        Whether it was new.

    Raises
    ------
    MusterError
        If there is no such message, or a hole would stay empty.
    """
    check_words(wording, words)
    now = clock.real_now()
    _, is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            "person": to if isinstance(to, Person) else None,
            "area": to if isinstance(to, Area) else None,
            "wording": wording,
            "words": dict(words),
            "urgency": urgency,
            "is_exercise": clock.is_exercise(),
            "queued_at": now,
            "due_at": due_at or now,
        },
    )
    return is_new


@dataclass(frozen=True, slots=True)
class MessageSpec:
    """A message to one person, as one of many.

    Parameters
    ----------
    key, wording, words
        As in ``queue_message``.
    person_id
        Whom it goes to.
    """

    key: str
    person_id: int
    wording: str
    words: Mapping[str, str]


def queue_messages(messages: Iterable[MessageSpec], *, urgency: Urgency = Urgency.CAN_WAIT) -> int:
    """Queue messages to many people, each key once, in a statement for hundreds; tell how many were new.

    Raises
    ------
    MusterError
        If there is no such message, or a hole would stay empty.
    """
    wanted = list(messages)
    for one in {spec.wording: spec for spec in wanted}.values():
        check_words(one.wording, one.words)
    now = clock.real_now()
    rows = [(spec.key, spec.person_id, spec.wording, dict(spec.words)) for spec in wanted]
    same = {"urgency": urgency, "is_exercise": clock.is_exercise(), "queued_at": now, "due_at": now}
    return len(insert_once(Message, ("key", "person_id", "wording", "words"), rows, key="key", same=same))


def try_again(*, actor: Actor, message: Message) -> bool:
    """Queue a message again that reached nobody; tell whether it was undelivered until now."""
    now = clock.real_now()
    with transaction.atomic():
        undelivered = Message.objects.filter(pk=message.pk, state=MessageState.FAILED)
        is_queued = bool(
            undelivered.update(state=MessageState.WAITING, due_at=now, tries=0, spent=[], ended_at=None, failure="")
        )
        if is_queued:
            record(
                actor=actor,
                now=clock.now(),
                verb=Verb.MESSAGE_SENT,
                subject_kind="message",
                subject_id=message.pk,
                detail={"again": True},
            )
    return is_queued
