"""Asking for help at a door: the same from a resident's telephone, and by whoever enters what was told or written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.access.queries import Actor, SystemActor
from muster.kernel.errors import RuleError
from muster.kernel.facts import FactState, require_taken
from muster.needs.actions.needs import NeedFact, raise_needs
from muster.needs.actions.relaying import tell_asked
from muster.needs.kinds import NeedKind
from muster.needs.models import Asker, Need, NeedPicture
from muster.needs.rules import make_need_code
from muster.needs.rules.asking import MOST_CONTACT, MOST_HOUSEHOLD, clean_words, says_enough
from muster.needs.rules.pictures import redraw_picture
from muster.territory.models import Area

DOOR_PAGE = SystemActor("door page")
"""Whoever stands at a door and has no account."""
MOST_PICTURES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What somebody asks for at a door, as they said it.

    Parameters
    ----------
    client_id
        Made with the form: sent twice, it is one need.
    kind
        By picture; None where it was said in words alone.
    words
        In the asker's words.
    household
        Floor or door number.
    contact
        How to reach them: kept encrypted, shown to whoever carries the need, deleted at the sunset.
    pictures
        Files as they came. One that cannot be opened keeps no need from being raised.
    """

    client_id: UUID
    kind: NeedKind | None = None
    words: str = ""
    household: str = ""
    contact: str = ""
    pictures: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking.

    Parameters
    ----------
    need
        The need; the one of the first time where the same was sent again.
    is_new
        Whether it was raised now.
    pictures_lost
        How many pictures could not be opened.
    """

    need: Need
    is_new: bool
    pictures_lost: int


def ask_for_help(*, actor: Actor, now: datetime, area: Area, asking: Asking, is_for_other: bool = False) -> Asked:
    """Ask for help at a door; asked again with the same id, it is what was asked the first time.

    The need stands on the queue of its door's office, and whoever answers for the door is told through the outbox.
    Neither side learns the other's number.

    Parameters
    ----------
    actor, now
        ``DOOR_PAGE``, or who enters it with the right to report there; and the moment.
    area, asking
        At which door, and for what.
    is_for_other
        Whether it was told by telephone or on paper.

    Raises
    ------
    RuleError
        If nothing was said that anybody could help by, no emergency is active there, or the actor may not report
        there.
    """
    words = clean_words(asking.words)
    if not says_enough(asking.kind, words):
        raise RuleError("Nothing is said yet of what is needed.", remedy="Choose a picture, or write a few words.")
    drawn = [redraw_picture(data) for data in asking.pictures[:MOST_PICTURES]]
    fact = NeedFact(
        area.code,
        asking.kind or NeedKind.OTHER,
        words,
        _find_free_code(),
        client_id=asking.client_id,
        at=now,
        is_for_other=is_for_other,
    )
    with transaction.atomic():
        [answer] = raise_needs(actor=actor, now=now, facts=[fact])
        require_taken(answer)
        need = Need.objects.select_related("area__level", "emergency").get(client_id=asking.client_id)
        is_new = answer.state == FactState.TAKEN
        if is_new:
            _keep_asker(need, area, asking, [image for image in drawn if image is not None], now)
            tell_asked(need)
        elif not Asker.objects.filter(need=need, door=area).exists():
            # Somebody else's id was sent: what they asked is nothing to this door.
            raise RuleError("This form was used before.", remedy="Open the page again, and ask anew.")
    return Asked(need, is_new, drawn.count(None) if is_new else 0)


def _keep_asker(need: Need, area: Area, asking: Asking, images: Sequence[bytes], now: datetime) -> None:
    Asker.objects.create(
        need=need,
        door=area,
        household=clean_words(asking.household, MOST_HOUSEHOLD),
        contact=clean_words(asking.contact, MOST_CONTACT) or None,
    )
    NeedPicture.objects.bulk_create(NeedPicture(need=need, image=image, added_at=now) for image in images)


def _find_free_code() -> str:
    """Return a name that no need has: the few digits that people read out are met again sooner or later."""
    while True:
        code = make_need_code()
        if not Need.objects.filter(code=code).exists():
            return code
