"""What is refused about accounts, to be said in the language of the desk."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

ACCOUNT_SENTENCES = (
    _("There is an account %(name)s already, or its person has one."),
    _("Nobody gives a role that they do not hold there themselves."),
    _("This account holds a role that is not yours to give."),
    _("Ask whoever runs the system."),
    _("Nobody closes their own account."),
    _("Nobody takes a role from themselves."),
    _("Ask a colleague."),
    _("This is your own account."),
    _("Change the password with the one that you have."),
    _("The account is closed."),
    _("Open it first."),
    _("This link has served already, or is too old."),
    _("Ask for a new one."),
    _("That is not your password."),
    _("Try again, or ask for a link to set a new one."),
    _("Choose another password."),
    _("No area is named."),
    _("No organization is named."),
    _("No person of that name is open to you, or several are."),
    _("Choose the one that is meant."),
    _("There is no role %(name)s."),
    _("A token is given by whoever runs the system, or taken for one's own account."),
    _("This role has ended already."),
    _("An organization offers from 0 to %(most)s people."),
    _("Correct the number."),
    _("%(organization)s sends %(people)s people already."),
    _("Recall a pairing, or send fewer people there."),
)
