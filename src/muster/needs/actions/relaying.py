"""Carrying word between a door and whoever answers for it, through the outbox: neither learns the other's number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from muster.kernel.errors import RuleError
from muster.kernel.facts import require_taken
from muster.messages.actions import Recipient, queue_message
from muster.messages.kinds import Urgency
from muster.needs.actions.steps import StepFact, take_step, take_steps
from muster.needs.actions.telling import list_recipients, say_place
from muster.needs.kinds import SETTLED, NeedKind, NeedState, NeedUrgency
from muster.needs.models import Need
from muster.needs.queries.askers import ASKER
from muster.needs.queries.doors import read_answering
from muster.needs.rules.asking import MOST_NOTE, clean_words


def tell_asked(need: Need) -> None:
    """Tell those who answer for a need's door that somebody asks there; its office, where nobody does.

    What a need says goes through no channel, which belongs to others; a word to the warden is written to be passed on.
    """
    wording = "need_word" if need.kind == NeedKind.WORD else "need_asked"
    words = {"code": need.code, "place": say_place(need.area), "words": need.words}
    if wording == "need_asked":
        del words["words"]
    _queue(need, f"need:{need.pk}:asked", _list_answering(need), wording, words)


def add_word(*, now: datetime, need: Need, words: str, client_id: UUID | None = None) -> None:
    """Add a word of the asker to a need; whoever carries it is told that there is one.

    Raises
    ------
    RuleError
        If there is no word, or the emergency has ended.
    """
    said = clean_words(words, MOST_NOTE)
    if not said:
        raise RuleError("No word was written.", remedy="Write a few words.")
    fact = StepFact(need.client_id, note=said, client_id=client_id or uuid4(), at=now)
    with transaction.atomic():
        [answer] = take_steps(actor=ASKER, now=now, facts=[fact])
        require_taken(answer)
        if need.state not in SETTLED:
            to = list(list_recipients(need)) or _list_answering(need)
            sent = {"code": need.code, "place": say_place(need.area)}
            _queue(need, f"need:{need.pk}:word:{fact.client_id.hex}", to, "need_word_added", sent)


def settle_for_asker(*, now: datetime, need: Need, state: NeedState, words: str = "") -> None:
    """Settle a need on its asker's word: it is answered, or needed no more.

    Raises
    ------
    RuleError
        If it is settled already, or the emergency has ended.
    """
    take_step(actor=ASKER, now=now, need=need, state=state, note=clean_words(words, MOST_NOTE))


def _list_answering(need: Need) -> Sequence[Recipient]:
    people, office = read_answering(need.emergency, need.area)
    return people or [office]


def _queue(need: Need, key: str, to: Sequence[Recipient], wording: str, words: dict[str, str]) -> None:
    urgency = Urgency.CAN_WAIT if need.urgency == NeedUrgency.CAN_WAIT else Urgency.URGENT
    for number, recipient in enumerate(to):
        queue_message(key=f"{key}:{number}", to=recipient, wording=wording, words=words, urgency=urgency)
