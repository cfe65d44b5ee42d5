"""What the desk keeps of its own: what figures were on each day, when somebody last looked, filters with a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from muster.emergencies.models import Emergency
from muster.territory.models import Area


class DayFigure(models.Model):
    """What a measure of an area was on a local day, as last taken on it."""

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=48)
    on_day = models.DateField()
    value = models.FloatField()
    taken_at = models.DateTimeField()

    class Meta:
        """One value a day, found by area and measure in the order of days."""

        constraints = (
            models.UniqueConstraint(
                fields=["emergency", "area", "measure", "on_day"], name="one_figure_per_measure_and_day"
            ),
        )


class Look(models.Model):
    """Until when an account has seen what changed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_until = models.DateTimeField()


class SavedFilter(models.Model):
    """A filter of a list that an account gave a name. The address holds the filter itself; this is a shortcut."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list_name = models.CharField(max_length=16, help_text="Which list: people or organizations.")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=600, help_text="As it stands in the address.")

    class Meta:
        """A name once for each list of an account, in the order of names."""

        constraints = (
            models.UniqueConstraint(fields=["user", "list_name", "name"], name="one_saved_filter_per_list_and_name"),
        )
        ordering = ("name", "pk")
