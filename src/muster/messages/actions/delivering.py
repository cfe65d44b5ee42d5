"""Delivering what waits in the outbox: on a lease, with tries that lie further and further apart.

A message is claimed in one transaction, carried outside of any, and its end written in another. A worker that dies in
between leaves a lease that runs out; the message is then carried again, with the same key. So nothing is lost, and
between a gateway's yes and our writing it down lies a moment in which a death makes a second copy, unless the gateway
knows the key.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import connection, models, transaction
from django.db.models import F, Q

from muster.access.queries import SystemActor
from muster.kernel import clock
from muster.kernel.audit import record
from muster.kernel.kinds import Verb
from muster.messages.channels import Carry, CarryError, Envelope, RefusedError
from muster.messages.endings import tell_ending
from muster.messages.kinds import MessageState
from muster.messages.models import Message
from muster.messages.queries import Route, get_language, list_quiet_spans, list_routes
from muster.messages.rules import MOST_TRIES, find_quiet_end, wait_s
from muster.messages.wording import render

LEASE = timedelta(seconds=60)
"""Of one message, from the moment at which its turn comes: longer than any channel waits for its answer."""
_CARRIER = SystemActor("messages")
NO_WAY = "no way to reach them is known"
NO_CHANNEL = "no channel that would reach them is set up"
"""It is the installation that lacks something, and not what is known of its people."""


def claim_messages(worker: str, *, limit: int = 20) -> list[Message]:
    """Take messages that are due, urgent ones first, for a worker to deliver before the lease runs out.

    Parameters
    ----------
    worker
        Its name, which no other worker has.
    limit
        How many at most.
    """
    now = clock.real_now()
    is_due = Q(state=MessageState.WAITING, due_at__lte=now)
    is_left = Q(state=MessageState.SENDING, lease_until_at__lt=now)
    with transaction.atomic():
        due = Message.objects.filter(is_due | is_left).order_by("-urgency", "due_at", "pk")
        numbers = list(
            due.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked).values_list(
                "pk", flat=True
            )[:limit]
        )
        Message.objects.filter(pk__in=numbers).update(
            state=MessageState.SENDING, worker=worker, lease_until_at=now + LEASE, tries=F("tries") + 1
        )
    claimed = Message.objects.filter(pk__in=numbers).select_related("person__home_area", "area")
    return sorted(claimed, key=lambda message: numbers.index(message.pk))


def deliver(message: Message, channels: Mapping[str, Carry]) -> MessageState:
    """Carry a claimed message on the first of its recipient's channels, and write down what came of it.

    Parameters
    ----------
    message
        As it was claimed.
    channels
        Those that are set up, by name.

    Returns
    -------
    MessageState
        Where it stands now: sent, waiting for another try, undelivered, or in another worker's hands.
    """
    if not _held(message).update(lease_until_at=clock.real_now() + LEASE):
        # Those before it took so long that another worker has it by now.
        return MessageState.SENDING
    quiet_until = find_quiet_end(clock.real_now().astimezone(clock.CITY_ZONE), list_quiet_spans(message))
    if quiet_until is not None:
        return _wait(message, quiet_until, tries=message.tries - 1, failure="")
    routes = list_routes(message)
    route = next((route for route in routes if route.channel in channels), None)
    if route is None:
        return _give_up(message, message.failure or (NO_CHANNEL if routes else NO_WAY))
    return _carry(message, route, channels[route.channel])


def _carry(message: Message, route: Route, carry: Carry) -> MessageState:
    try:
        carry(_seal(message, route))
    except RefusedError as error:
        message.spent = [*message.spent, route.channel]
        return _wait(message, clock.real_now(), tries=message.tries - 1, failure=f"{route.channel}: {error}")
    except CarryError as error:
        return _fail(message, f"{route.channel}: {error}")
    except Exception as error:  # a channel is another's code: whatever it raises keeps no other message back
        return _fail(message, f"{route.channel}: {type(error).__name__}")
    return _end(message, MessageState.SENT, Verb.MESSAGE_SENT, channel=route.channel)


def _seal(message: Message, route: Route) -> Envelope:
    said = render(message.wording, message.words, get_language(message), is_exercise=message.is_exercise)
    return Envelope(uuid5(NAMESPACE_URL, f"muster:{message.key}"), route.address, said.subject, said.text)


def _fail(message: Message, failure: str) -> MessageState:
    if message.tries >= MOST_TRIES:
        return _give_up(message, failure)
    again = timedelta(seconds=wait_s(message.tries, random.random()))  # noqa: S311  # spreads tries, hides nothing
    return _wait(message, clock.real_now() + again, tries=message.tries, failure=failure)


def _give_up(message: Message, failure: str) -> MessageState:
    return _end(message, MessageState.FAILED, Verb.MESSAGE_FAILED, failure=failure)


def _wait(message: Message, due_at: datetime, *, tries: int, failure: str) -> MessageState:
    _held(message).update(
        state=MessageState.WAITING,
        due_at=due_at,
        tries=tries,
        spent=message.spent,
        failure=failure,
        worker="",
        lease_until_at=None,
    )
    return MessageState.WAITING


def _end(message: Message, state: MessageState, verb: Verb, *, channel: str = "", failure: str = "") -> MessageState:
    with transaction.atomic():
        is_held = _held(message).update(
            state=state, channel=channel, failure=failure, ended_at=clock.real_now(), worker="", lease_until_at=None
        )
        # Another may have taken it over meanwhile; then it is theirs to tell.
        if is_held:
            record(
                actor=_CARRIER,
                now=clock.now(),
                verb=verb,
                subject_kind="message",
                subject_id=message.pk,
                detail={"wording": message.wording, "channel": channel, "failure": failure, "tries": message.tries},
            )
            message.state, message.failure = state, failure
            tell_ending(message)
    return state


def _held(message: Message) -> models.QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=MessageState.SENDING, worker=message.worker, tries=message.tries)
