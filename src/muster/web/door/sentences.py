"""What is refused at doors, to be said in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

DOOR_SENTENCES = (
    _("Nothing is said yet of what is needed."),
    _("Choose a picture, or write a few words."),
    _("This form was used before."),
    _("Open the page again, and ask anew."),
    _("No word was written."),
    _("Write a few words."),
    _("No request of this door has this code."),
    _("Check the digits."),
    _("This is no telephone number."),
    _("Give digits, with spaces or hyphens between."),
    _("Only who carries a request sees how its asker is reached."),
    _("Take it up first."),
)
