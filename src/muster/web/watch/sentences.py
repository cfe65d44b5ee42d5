"""Refusals of watch duties and of door cards, to be said in the language of the desk."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

WATCH_SENTENCES = (
    _("A watch duty has a name."),
    _("The emergency does not hold there."),
    _("A watch duty has its times of the day."),
    _("Write them such as 08:00 20:00."),
    _("A watch duty has its days of the week."),
    _("Choose at least one."),
    _("A watch duty ends after it has begun."),
    _("Give a later day."),
    _("A round falls to the deputy first, then to the community, and both before the next round."),
    _("Give minutes that grow, up to %(minutes)s."),
    _("The need has no words."),
    _("Write what is needed."),
    _("This is no time of the day."),
    _("%(word)s is no time of the day."),
    _("Write it such as 08:15."),
    _("Write times such as 08:00 20:00."),
    _("This round does not count at that time."),
    _("Enter it for the round of its time."),
    _("That time has not come yet."),
    _("Enter when somebody looked."),
    _("There is no such watch duty."),
    _("No card is to be printed here."),
    _("Choose an area with doors that need wardens."),
    _("The type of the cards is missing."),
    _("Run make frontend once."),
    _("These are %(cards)s cards, more than %(most)s at once."),
    _("Print the parts one by one, or all of them by muster cards."),
)
