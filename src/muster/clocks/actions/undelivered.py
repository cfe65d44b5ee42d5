"""Messages that reached nobody, as gaps of the office that can go and tell."""

from __future__ import annotations

from muster.clocks.actions.opening import GapSpec, close_gaps, open_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.queries.gaps import read_owners
from muster.emergencies.queries import find_active
from muster.kernel import clock
from muster.messages.actions.delivering import NO_CHANNEL
from muster.messages.kinds import MessageState
from muster.messages.models import Message
from muster.messages.queries import is_reachable
from muster.people.models import Person
from muster.territory.models import Area


def note_delivery(message: Message) -> None:
    """Open a gap for whom a message did not reach, or close it when one does; within the caller's transaction.

    There is one gap for each recipient, however many messages did not reach them: somebody has to go and tell. An
    office to which no way was ever given is none: it reads its gaps at the desk. Nor is anybody whom only a channel
    would reach that this installation does not have: thousands of gaps would say one thing, which the desk says once.

    Parameters
    ----------
    message
        As it ended.
    """
    recipient: Person | Area | None = message.person or message.area
    area = message.person.home_area if message.person is not None else message.area
    emergency = find_active(area) if area is not None else None
    if recipient is None or area is None or emergency is None:
        return
    subject = f"{'person' if message.person is not None else 'office'}:{recipient.code}"
    if message.state == MessageState.SENT:
        close_gaps(emergency=emergency, now=clock.now(), kind=GapKind.MESSAGE_UNDELIVERED, subjects=[subject])
    elif message.failure != NO_CHANNEL and (message.person is not None or is_reachable(message)):
        detail = {"wording": message.wording, "message": message.pk}
        owner_id = read_owners(area).find(area.path)
        spec = GapSpec(GapKind.MESSAGE_UNDELIVERED, subject, area.pk, owner_id, why_detail=detail)
        open_gaps(emergency=emergency, now=clock.now(), gaps=[spec])
