"""One gap, looked at closely: whom it is about, as far as the one who looks may see people."""

from __future__ import annotations

from muster.access.queries import Actor, filter_people
from muster.clocks.kinds import GapKind
from muster.clocks.models import Gap
from muster.duty.queries.attendance import list_missing
from muster.people.models import Person


def read_people(actor: Actor, gap: Gap) -> list[Person]:
    """Read the people whom a gap is about: who has not come to a post, whom a message did not reach.

    Parameters
    ----------
    actor
        Who looks; people whom they may not see are left out.
    gap
        Which gap.
    """
    if gap.closed_at is not None:
        return []
    people = Person.objects.none()
    if gap.kind == GapKind.POST_UNATTENDED:
        people = list_missing(gap.emergency, gap.subject)
    elif gap.kind == GapKind.MESSAGE_UNDELIVERED and gap.subject.startswith("person:"):
        people = Person.objects.filter(code=gap.subject.removeprefix("person:"))
    return list(filter_people(actor, people).order_by("name", "code"))
