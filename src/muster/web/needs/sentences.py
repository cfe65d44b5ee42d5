"""What the needs room refuses, to be said in the language of the desk."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

NEED_SENTENCES = (
    _("A need that is %(state)s cannot become %(following)s."),
    _("Look at it again; somebody may have been quicker."),
    _("Look at them again; somebody may have been quicker."),
    _("The emergency does not hold there."),
    _("Choose a place within it."),
    _("A need is handed on with a reason."),
    _("Say in a few words why."),
    _("These are not two needs of one emergency."),
    _("One of the two is joined to another already, or settled."),
    _("This need stands by itself already."),
    _("There is no such need."),
    _("There is no such step."),
    _("Choose one of those shown."),
)
