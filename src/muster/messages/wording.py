"""What messages say. Closed: a new message is a new line here, and has its Chinese in the catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from muster.kernel.ages import say_age
from muster.kernel.errors import MusterError


class Wording(NamedTuple):
    """The subject and the text of a message, with holes for its words."""

    subject: Promise | str
    text: Promise | str


class Rendered(NamedTuple):
    """A message as its recipient reads it."""

    subject: str
    text: str


WORDINGS: dict[str, Wording] = {
    "trial": Wording(_("Trial"), _("This is a trial of Muster. Nothing is asked of you.")),
    "gap_escalated": Wording(
        _("%(kind)s: %(place)s"),
        _("%(place)s: %(kind)s, for %(age)s. It is yours to close now."),
    ),
    "gaps_escalated": Wording(
        _("%(count)s gaps are yours now"),
        _("%(count)s gaps are yours to close now. The first, for %(age)s: %(place)s, %(kind)s."),
    ),
    "cover_offered": Wording(
        _("Can you stand in?"),
        _("%(post)s needs somebody from %(begins)s to %(ends)s. The first to accept has it: %(link)s"),
    ),
    "cover_filled": Wording(
        _("Filled, thank you"),
        _("%(post)s, %(begins)s: the place is filled or needed no more. Nothing is asked of you. Thank you."),
    ),
    "cover_accepted": Wording(
        _("You stand in"),
        _(
            "%(post)s, %(begins)s to %(ends)s: the place is yours. Where: %(way)s. Whom to ask: %(office)s. "
            "Left by the shift before: %(notes)s. All of it: %(link)s"
        ),
    ),
    "cover_found": Wording(
        _("Somebody stands in for you"),
        _("%(post)s, %(begins)s to %(ends)s: somebody else stands there. You need not come."),
    ),
    "swap_proposed": Wording(
        _("Would you swap?"),
        _(
            "%(name)s asks you to stand at %(post)s, %(begins)s to %(ends)s, and would stand at %(other_post)s, "
            "%(other_begins)s to %(other_ends)s for you. Your answer: %(link)s"
        ),
    ),
    "takeover_proposed": Wording(
        _("Would you take over?"),
        _("%(name)s asks you to take over %(post)s, %(begins)s to %(ends)s. Your answer: %(link)s"),
    ),
    "swap_declined": Wording(_("No swap"), _("%(name)s cannot. %(post)s, %(begins)s to %(ends)s, stays yours.")),
    "swap_done": Wording(
        _("The roster has changed"),
        _("%(name)s stands at %(post)s, %(begins)s to %(ends)s, as you agreed."),
    ),
    "duty_changed": Wording(_("Your duty has changed"), _("%(post)s, %(begins)s to %(ends)s: %(change)s.")),
    "need_given": Wording(
        _("Somebody asks for help"),
        _("%(place)s: somebody asks for help, and it was given to you (%(code)s). Accept it, or hand it on at once."),
    ),
    "watch_fell": Wording(
        _("Nobody has looked yet: %(watch)s"),
        _("%(watch)s of %(begins)s: nobody has looked at %(place)s yet (%(count)s in all). It is yours now."),
    ),
    "need_asked": Wording(
        _("Somebody asks for help"),
        _("%(place)s: somebody asks for help (%(code)s). Go and ask what is needed, or take it up on the desk."),
    ),
    "need_word": Wording(
        _("A word from your doors"),
        _("%(place)s, a resident writes to you: “%(words)s” Answer at the door or on the desk (%(code)s)."),
    ),
    "need_word_added": Wording(
        _("A word about a request"),
        _("%(place)s: whoever asked for help (%(code)s) has added a word. Read it on the desk."),
    ),
    "need_answered": Wording(_("Your request"), _("Your request %(code)s: %(state)s.")),
}


def _say_minutes(word: str) -> str:
    return say_age(timedelta(minutes=int(word)))


_READERS: dict[str, Callable[[str], str]] = {"kind": gettext, "age": _say_minutes}
"""Words that are said in the language of whoever reads them: a text of the catalog; a number of minutes."""


def check_words(wording: str, words: Mapping[str, str]) -> None:
    """Check that a wording is known and that its holes can be filled.

    Raises
    ------
    MusterError
        If not.
    """
    if wording not in WORDINGS:
        raise MusterError(f"There is no message {wording}.", remedy=f"Choose one of: {', '.join(WORDINGS)}.")
    try:
        render(wording, words, "en", is_exercise=False)
    except KeyError as error:
        raise MusterError(f"The message {wording} lacks the word {error}.") from error


def render(wording: str, words: Mapping[str, str], language: str, *, is_exercise: bool) -> Rendered:
    """Return a message in the language of its recipient; one of an exercise says so first."""
    subject, text = WORDINGS[wording]
    with override(language):
        words = {name: _READERS[name](word) if name in _READERS else word for name, word in words.items()}
        mark = gettext("[Exercise] ") if is_exercise else ""
        return Rendered(mark + str(subject) % words, mark + str(text) % words)
