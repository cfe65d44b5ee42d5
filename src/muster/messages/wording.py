"""What messages say. Closed: a new message is a new line here, and has its Chinese in the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

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
        _("Nobody at %(place)s"),
        _("%(place)s has had nobody for %(minutes)s minutes (%(kind)s). It is yours to close now."),
    ),
    "cover_offered": Wording(
        _("Can you stand in?"),
        _("%(post)s needs somebody from %(begins)s to %(ends)s. The first to accept has it: %(link)s"),
    ),
    "duty_changed": Wording(_("Your duty has changed"), _("%(post)s, %(begins)s to %(ends)s: %(change)s.")),
    "need_answered": Wording(_("Your request"), _("Your request %(code)s: %(state)s.")),
}


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
        mark = gettext("[Exercise] ") if is_exercise else ""
        return Rendered(mark + str(subject) % words, mark + str(text) % words)
