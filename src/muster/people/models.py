"""People: the least that is needed to call on somebody and to spare them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField

from muster.territory.models import Area


class Person(models.Model):
    """Somebody who serves or may serve.

    Each field says why it is kept; nothing is kept that no plan, call or rule needs.
    """

    code = models.CharField(max_length=64, unique=True, help_text=_("To recognize the person across imports."))
    name = models.CharField(max_length=80, help_text=_("So that a doorway has a name, not a number."))
    pinyin = models.CharField(max_length=200, blank=True, help_text=_("To find the name by keyboard."))
    home_area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="residents",
        help_text=_("To appoint people where they live."),
    )
    work_area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        related_name="workers",
        help_text=_("To roster people near where they work."),
    )
    phone = EncryptedCharField(max_length=255, null=True, help_text=_("To call the person; encrypted at rest."))
    phone_index = models.CharField(
        max_length=64, blank=True, db_index=True, help_text=_("Blind index, to find a number without storing it.")
    )
    abilities = models.JSONField(default=list, help_text=_("What the person can do (slugs), to meet a post's needs."))
    restrictions = models.JSONField(default=list, help_text=_("What the person cannot do (slugs), to spare them."))
    may_serve = models.BooleanField(default=True, help_text=_("Whether the person agreed to serve at all."))
    max_appointments = models.PositiveSmallIntegerField(default=1, help_text=_("How many doorways one can answer for."))
    max_week_min = models.PositiveIntegerField(null=True, help_text=_("Own limit of duty minutes a week, if any."))
    consented_at = models.DateTimeField(null=True, help_text=_("When the person agreed that this is kept."))
    is_synthetic = models.BooleanField(default=False, help_text=_("Invented for a demonstration or an exercise."))

    class Meta:
        """Found by name and by its pinyin from the index alone, and listed by name within the area they live in."""

        indexes = (
            models.Index(fields=["name"]),
            models.Index(fields=["pinyin"], name="people_by_pinyin"),
            models.Index(fields=["home_area", "pinyin"], name="people_by_home_and_pinyin"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class FormerCode(models.Model):
    """A code that a person had before two records of theirs became one: lists go on using it."""

    code = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="former_codes")

    def __str__(self) -> str:
        return self.code


class Absence(models.Model):
    """A span of days on which a person cannot serve: illness, quarantine, care, leave."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The first day the person can serve again.")
    reason = models.CharField(max_length=40, help_text="A word, never a diagnosis.")

    class Meta:
        """A span has at least one day."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="absence_has_at_least_one_day"
            ),
        )
