"""Refusals of the rooms beneath, said in the language of the desk.

The rooms say in plain English what is wrong and what to do. Here their sentences are recognized, the names
and numbers in them kept, and the sentence said again in Chinese. One that is not recognized stays English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from muster.kernel.errors import MusterError
from muster.web.accounts.sentences import ACCOUNT_SENTENCES
from muster.web.door.sentences import DOOR_SENTENCES
from muster.web.first.sentences import FIRST_SENTENCES
from muster.web.gaps.sentences import CLOCK_SENTENCES
from muster.web.imports.sentences import IMPORT_SENTENCES
from muster.web.needs.sentences import NEED_SENTENCES
from muster.web.watch.sentences import WATCH_SENTENCES

SENTENCES = (
    _("%(person)s is already the %(noun)s here, since %(since)s."),
    _("%(person)s does not serve."),
    _("%(person)s has not consented to be kept and called."),
    _("%(person)s is absent on this day."),
    _("%(person)s answers for as many areas as allowed."),
    _("The appointment of %(person)s has ended already."),
    _("Areas of this level need no warden in this emergency."),
    _("No area here needs a warden in this emergency."),
    _("No community here needs a pairing."),
    _("No post here needs anybody from %(first)s to %(last)s."),
    _("The emergency has ended."),
    _("No emergency is active here."),
    _("The solver found no plan (%(status)s)."),
    _("Plan %(number)s has no roster (%(status)s)."),
    _("Plan %(number)s was already published or put aside."),
    _("Since plan %(number)s was solved, %(changes)s changed."),
    _("Plan %(number)s comes too late: beside shifts that have begun it would break a rest (%(detail)s)."),
    _("Your role does not allow this (%(right)s)."),
    _("There is no deputy who could stand in."),
    _("The emergency %(emergency)s does not hold here."),
    _("%(person)s needs the rest: only %(found)s of rest are left, %(limit)s are the least."),
    _("%(person)s needs the rest: it would be day %(found)s in a row, %(limit)s are the most."),
    _("%(person)s needs the rest: the week would come to %(found)s, %(limit)s are the most."),
    _("%(person)s needs the rest: it would be night %(found)s in four weeks, %(limit)s are the most."),
    _("%(person)s cannot stand here: %(why)s."),
    _("%(person)s is placed on a shift that starts then."),
    _("The shift is over."),
    _("The shift is over; what happened is not unmade."),
    _("The shift has all the people it needs (%(names)s)."),
    _("The duty was cancelled before."),
    _("The duty is there already."),
    _("The roster changed meanwhile."),
    _("The roster has %(count)s rows, too many to hang on a wall."),
    _("Too large to read at once."),
    _("Choose a part."),
    _("Look at it as it is now, then move it again."),
    _("Open a part of the area and print that, or take the workbook."),
    _("%(person)s has no duty to come before %(day)s."),
    _("The day back is not after the first day away."),
    _("Correct one of the days."),
    _("Nothing needs cover."),
    _("Nobody is missing on this shift."),
    _("Cover is asked for already."),
    _("Look who was asked, or ask the next at once."),
    _("Look at the roster again."),
    _("This request was closed before."),
    _("This was answered before."),
    _("These are no numbers to ask people by."),
    _("Ask 1 to 50 at once, the next after 1 minute to a day, and at most 500."),
    _("A pairing takes over at least one duty."),
    _("%(organization)s is already responsible here."),
    _("%(organization)s offers %(offered)s people and has %(left)s left, not %(people)s."),
    _("The pairing with %(organization)s is %(state)s already."),
    _("The pairing with %(organization)s has ended already."),
    _("A reason is missing."),
    _("Say why in a few words."),
    _("Choose the duties."),
    _("Recall that pairing first."),
    _("Send fewer people, or ask the organization to offer more."),
    _("Look at it again; somebody may have been quicker."),
    _("Somebody has changed it since."),
    _("Look at the area as it is now, and appoint."),
    _("At most %(most)s areas are changed at once, not %(count)s."),
    _("Choose fewer, or plan."),
    _("Activate one first."),
    _("Appoint a warden."),
    _("Check the scheduler's address, or plan on this machine alone."),
    _("Choose a later one."),
    _("Choose somebody else."),
    _("Choose somebody rested, leave the place empty, or override by name and with a reason."),
    _("Take one of them off first, or choose another shift."),
    _("Take them off that one first."),
    _("Appoint somebody else."),
    _("These are one record already."),
    _("One of the two records is no longer there."),
    _("Look at the list again."),
    _("This merge can no longer be undone."),
    _("What came over was changed again since."),
    _("Undo the later change first."),
    _("Something of both cannot be one."),
    _("Keep them apart, and tell who runs this."),
    _("One of the two stands above the other."),
    _("Keep both, or mend who stands above whom."),
    _("Both serve on %(area)s."),
    _("End one of the two appointments first."),
    _("Both are on duty at %(post)s, %(moment)s."),
    _("If these are two people, keep them apart."),
    _("As one they would lack rest at %(post)s, %(moment)s."),
    _("Take them off that duty first."),
    _("Together they answer for %(found)s areas, and %(most)s are the most."),
    _("Choose the higher limit, or end an appointment first."),
    _("Both have a %(row)s where only one may be."),
    _("Put one of them in order first."),
    _("%(person)s is kept under another code now."),
    _("Look the person up again."),
    _("%(count)s rows name people by a code of before (%(codes)s); what they say of them is not taken."),
    _("A filter needs a name."),
    _("Write a few words that you will know it by."),
    _("A name has at most %(most)s characters."),
    _("Write a shorter one."),
    _("You have %(most)s filters here already."),
    _("Delete one that you no longer use."),
    _("You have a filter %(name)s already."),
    _("Choose another name."),
    _("This filter is too long to be kept."),
    _("Search for less."),
    _("Ask the duty officer."),
    _("Ask the person first, and note it in the person's record."),
    _("Ask the person first."),
    _("Choose an area of a level that does."),
    _("End another appointment of the person, or raise the person's limit."),
    _("Import posts with what they need, or choose later days."),
    _("Plan again from now on."),
    _("Plan again with a longer time limit."),
    _("Plan again, with more time."),
    _("Plan again: it takes what changed into account."),
    _("Replace the person, or end that appointment first."),
    _("Solve a new one."),
    _("This planning has ended already."),
    _("Look at what came of it."),
    _("The plan broke a rule and was thrown away (%(detail)s)."),
    _("The planner ended without a word, %(count)s times."),
    _("The planner has failed (%(fault)s)."),
    _("The system ended the planner (%(how)s)."),
    _("Plan a smaller area, or give the server more memory."),
    _("Plan a smaller area, or tell whoever runs the server."),
    _("Plan again with another seed, and tell whoever runs the server."),
    _("Plan again; if it fails again, tell whoever runs the server."),
)
NOUNS = (
    (re.compile(r"(\d+) h(?P<names>)"), _("%(count)s h")),
    (re.compile(r"(\d+) h (\d+) min"), _("%(count)s h %(names)s min")),
    (re.compile(r"(\d+) areas? \(([^)]*(?:\([^)]*\)[^)]*)*)\)"), _("%(count)s areas (%(names)s)")),
    (re.compile(r"(\d+) (?:person|people) \(([^)]*(?:\([^)]*\)[^)]*)*)\)"), _("%(count)s people (%(names)s)")),
    (re.compile(r"(\d+) appointments? \(([^)]*(?:\([^)]*\)[^)]*)*)\)"), _("%(count)s appointments (%(names)s)")),
)
CHANGES = {
    "the points or the tree of the territory": _("the points or the tree of the territory"),
    "the points of the territory": _("the points of the territory"),
    "the communities in need": _("the communities in need"),
    "what they lack": _("what they lack"),
    "the organizations that offer people": _("the organizations that offer people"),
    "how many people they offer": _("how many people they offer"),
    "the pairings that stand": _("the pairings that stand"),
    "accepted": _("accepted"),
    "declined": _("declined"),
    "recalled": _("recalled"),
    "warden": _("warden"),
    "deputy": _("deputy"),
}
_HOLE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Refusal:
    """A refusal as the desk shows it: what is wrong, and what to do next."""

    what: str
    remedy: str


@cache
def _recognizers() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(_pattern(sentence)), sentence)
        for sentence in (
            *SENTENCES,
            *FIRST_SENTENCES,
            *IMPORT_SENTENCES,
            *ACCOUNT_SENTENCES,
            *CLOCK_SENTENCES,
            *NEED_SENTENCES,
            *WATCH_SENTENCES,
            *DOOR_SENTENCES,
        )
    )


def _pattern(sentence: str) -> str:
    parts = _HOLE.split(sentence)
    texts, holes = parts[::2], parts[1::2]
    joined = "".join(re.escape(text) + f"(?P<{hole}>.+?)" for text, hole in zip(texts, holes, strict=False))
    return joined + re.escape(texts[-1])


def say_refusal(error: MusterError) -> Refusal:
    """Say a refusal in the language of the desk."""
    return Refusal(say_sentence(error.what), say_sentence(error.remedy))


def say_sentence(english: str) -> str:
    """Say one sentence of the rooms beneath in the language of the desk."""
    for pattern, sentence in _recognizers():
        match = pattern.fullmatch(english)
        if match:
            said = {name: _say_part(part) for name, part in match.groupdict().items()}
            return gettext(sentence) % said
    return english


def _say_part(part: str) -> str:
    """Say what stands in a hole: names stay as they are, nouns are said in the language of the desk."""
    pieces = part.split(" and ")
    return gettext(" and ").join(_say_noun(piece) for piece in pieces)


def _say_noun(piece: str) -> str:
    for pattern, words in NOUNS:
        match = pattern.fullmatch(piece)
        if match:
            return gettext(words) % {"count": match[1], "names": match[2]}
    return gettext(CHANGES[piece]) if piece in CHANGES else piece
