"""How a recipient is reached, in which language, and when not; and what was not delivered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet

from muster.access.models import User
from muster.messages.kinds import Channel, MessageState, Urgency
from muster.messages.models import Contact, Message, QuietHours
from muster.messages.rules import QuietSpan
from muster.people.models import Person
from muster.territory.models import Area
from muster.territory.rules import ancestor_paths

_ORDER = {channel: place for place, channel in enumerate(Channel.values)}


class Route(NamedTuple):
    """One way to reach a recipient. An address is a secret: it goes to its channel and nowhere else."""

    channel: str
    address: str


def list_routes(message: Message) -> list[Route]:
    """List the ways to reach a message's recipient now, in the order in which they are tried."""
    mine = {"person": message.person} if message.person_id else {"area": message.area}
    contacts = Contact.objects.filter(**mine).order_by("-set_at")
    routes = [Route(contact.channel, contact.address) for contact in contacts if contact.address]
    phone = message.person.phone if message.person is not None else None
    if phone and not any(route.channel == Channel.SMS for route in routes):
        routes.append(Route(Channel.SMS, phone))
    routes = [route for route in routes if route.channel not in message.spent]
    return sorted(routes, key=lambda route: _ORDER[route.channel])


def find_reachable(people: Iterable[int]) -> set[int]:
    """Find which people, by number, any message could reach: they have a telephone or another way."""
    numbers = set(people)
    with_contact = Contact.objects.filter(person__in=numbers).values_list("person_id", flat=True)
    with_phone = Person.objects.filter(pk__in=numbers).exclude(phone_index="").values_list("pk", flat=True)
    return {number for number in with_contact if number is not None} | set(with_phone)


def is_reachable(message: Message) -> bool:
    """Tell whether any way to reach a message's recipient was ever given."""
    mine = {"person": message.person_id} if message.person_id else {"area": message.area_id}
    return Contact.objects.filter(**mine).exists() or bool(message.person is not None and message.person.phone)


def get_language(message: Message) -> str:
    """Get the language in which a message's recipient reads: their account's, or the city's."""
    account = User.objects.filter(person=message.person_id).first() if message.person_id else None
    return account.language if account is not None and account.language else settings.LANGUAGE_CODE


def list_quiet_spans(message: Message) -> list[QuietSpan]:
    """List the quiet hours that hold for a message: none where it is urgent."""
    if message.urgency == Urgency.URGENT:
        return []
    own = Q(person=message.person_id) if message.person_id else Q(pk=None)
    areas = Q(area__path__in=list(_list_paths(message)))
    return [QuietSpan(*span) for span in QuietHours.objects.filter(own | areas).values_list("starts_min", "ends_min")]


def find_own_quiet_span(area: Area) -> QuietSpan | None:
    """Find the quiet hours that are set for an area itself; None where there are none."""
    span = QuietHours.objects.filter(area=area).values_list("starts_min", "ends_min").first()
    return QuietSpan(*span) if span is not None else None


def list_quiet_spans_of(area: Area) -> list[QuietSpan]:
    """List the quiet hours that hold for the office of an area: its own, and those of all above it."""
    spans = QuietHours.objects.filter(area__path__in=[area.path, *ancestor_paths(area.path)])
    return [QuietSpan(*span) for span in spans.values_list("starts_min", "ends_min")]


def _list_paths(message: Message) -> Iterator[str]:
    """Yield the paths of the recipient's area and of all above it."""
    area: Area | None = message.person.home_area if message.person is not None else message.area
    if area is not None:
        yield area.path
        yield from ancestor_paths(area.path)


def list_undelivered() -> QuerySet[Message]:
    """List the messages that reached nobody, oldest first."""
    return Message.objects.filter(state=MessageState.FAILED).order_by("queued_at", "pk")


def count_open() -> int:
    """Count the messages that are still to be sent."""
    return Message.objects.filter(state__in=[MessageState.WAITING, MessageState.SENDING]).count()
