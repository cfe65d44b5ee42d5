"""What the interface says: a code for programs, and one sentence in each language for people."""

from __future__ import annotations

from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from pydantic import BaseModel

from muster.kernel.facts import Refusal

NOT_SIGNED_IN = _("No open account answers for this token or session.")
NOT_FROM_THE_DESK = _("The request does not come from the desk itself. Reload the page.")
NOT_READABLE = _("The request cannot be read. Look at what the interface's description says of it.")
TOO_MANY = _("The batch holds too many facts. Send at most 500 at once.")


class Problem(BaseModel):
    """Why a whole request was not answered."""

    code: str
    en: str
    zh: str


@cache
def say_refusal(refusal: Refusal) -> Problem:
    """Say why a fact is refused, in both languages."""
    return say(refusal.value, refusal.label)


def say(code: str, sentence: str | Promise) -> Problem:
    """Say a sentence in both languages."""
    with override("en"):
        en = str(sentence)
    with override("zh-hans"):
        return Problem(code=code, en=en, zh=str(sentence))
