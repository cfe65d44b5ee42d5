"""What the clocks room refuses, to be said in the language of the desk."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

CLOCK_SENTENCES = (
    _("A clock counts minutes, up to a month, to levels that have offices."),
    _("Nobody is told before a place is a gap, and no office before the one beneath it."),
    _("Give minutes that do not fall from the warden up."),
    _("%(name)s has it in hand."),
    _("Ask them to give it back, or an office above to take it."),
    _("This gap closes by itself once the place is filled."),
    _("Fill the place."),
    _("The gap has closed meanwhile."),
    _("There is nothing left to do."),
)
