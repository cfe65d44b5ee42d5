"""Messages that reached nobody, as gaps of the office that can go and tell."""

from __future__ import annotations

from muster.clocks.actions.opening import GapSpec, close_gaps, open_gaps
from muster.clocks.kinds import GapKind
from muster.clocks.queries.gaps import read_owners
from muster.emergencies.queries import find_active
from muster.kernel import clock
from muster.messages.models import Message
from muster.messages.queries import is_reachable
from muster.people.models import Person
from muster.territory.models import Area


def note_delivery(message: Message, has_reached: bool) -> None:
    """Open a gap for whom a message did not reach, or close it when one does; within the caller's transaction.

    There is one gap for each recipient, however many messages did not reach them: somebody has to go and tell. To
    whom no way was ever given is none: an office reads its gaps at the desk, and what a person without a telephone
    was to be told stands open there by a clock of its own.

    Parameters
    ----------
    message
        As it ended.
    has_reached
        Whether it was carried to its recipient.
    """
    recipient: Person | Area | None = message.person or message.area
    area = message.person.home_area if message.person is not None else message.area
    emergency = find_active(area) if area is not None else None
    if recipient is None or area is None or emergency is None:
        return
    subject = f"{'person' if message.person is not None else 'office'}:{recipient.code}"
    if has_reached:
        close_gaps(emergency=emergency, now=clock.now(), kind=GapKind.MESSAGE_UNDELIVERED, subjects=[subject])
    elif is_reachable(message):
        detail = {"wording": message.wording, "message": message.pk}
        owner_id = read_owners(area).find(area.path)
        spec = GapSpec(GapKind.MESSAGE_UNDELIVERED, subject, area.pk, owner_id, why_detail=detail)
        open_gaps(emergency=emergency, now=clock.now(), gaps=[spec])
