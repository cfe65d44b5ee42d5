"""What first use is refused for, to be said in the language of the desk."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

FIRST_SENTENCES = (
    _("This is not the code."),
    _("Copy it from where muster serve was started."),
    _("There is an account already."),
    _("Sign in, or ask whoever runs the system for one."),
    _("Nothing was created; try again."),
    _("The first areas are here already, or are for somebody else to bring."),
    _("Import lists on the desk."),
    _("Mend them, and bring the file again."),
    _("The national tree has no %(code)s."),
    _("Search for it by its name."),
    _("%(name)s cannot be taken whole."),
    _("Choose a city or a county in it."),
    _("None of the first %(count)s rows is a head with the columns that are needed; missing: %(columns)s."),
    _("Name the columns so: %(columns)s."),
    _("Other rows build on these areas already."),
    _("Go on with this city."),
    _("An emergency is open here already."),
    _("Go on in that one."),
    _("The emergency has no name."),
    _("Write what people call it."),
    _("That is not its name."),
    _("Write it as it stands above."),
)
