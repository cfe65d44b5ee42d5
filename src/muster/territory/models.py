"""The territory tree: levels, areas, their boundaries and what lies beneath each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField


class PathField(_CharField):
    """A materialized path whose order is the byte order on every database.

    PostgreSQL sorts by language unless told otherwise, which breaks range queries on paths;
    SQLite sorts by bytes already and does not know the name ``C``.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        """Add the byte collation on PostgreSQL."""
        parameters: dict[str, Any] = dict(super().db_parameters(connection))
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class Level(models.Model):
    """A level of the tree, such as county or unit. Levels are data: other countries have others."""

    slug = models.SlugField(max_length=40, unique=True)
    rank = models.PositiveSmallIntegerField(unique=True, help_text="Order from the top; gaps are left on purpose.")
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40)
    warden_zh = models.CharField(max_length=40, blank=True, help_text="What its warden is called.")
    warden_en = models.CharField(max_length=40, blank=True)
    needs_warden = models.BooleanField(default=False, help_text="Default for a new emergency.")

    class Meta:
        """From the top down."""

        ordering = ("rank",)

    def __str__(self) -> str:
        return self.slug


class Area(models.Model):
    """A node of the territory tree.

    ``path`` is the materialized path: each step is a fixed number of characters (see ``rules``), so that
    a subtree is one range of paths.
    """

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = PathField(max_length=160, unique=True)
    kind = models.CharField(max_length=40, blank=True, help_text="As the source calls it: town, residents_committee…")
    households = models.PositiveIntegerField(null=True, help_text="Households of this area itself, where counted.")
    is_managed = models.BooleanField(null=True, help_text="Whether a property management looks after it.")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    pinyin = models.CharField(max_length=240, blank=True, help_text="For search: full pinyin and initials.")
    is_synthetic = models.BooleanField(default=False)
    is_position_synthetic = models.BooleanField(default=False)

    class Meta:
        """A page far down a list of some levels, and what a name or its pinyin holds, are found from indexes alone."""

        indexes = (
            models.Index(fields=["path", "level"], name="areas_by_path_and_level"),
            models.Index(fields=["name"], name="areas_by_name"),
            models.Index(fields=["pinyin"], name="areas_by_pinyin"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class AreaTally(models.Model):
    """What lies beneath an area, counted per level: written by imports, read by screens."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="tallies")
    level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="+")
    areas = models.PositiveIntegerField()
    households = models.PositiveIntegerField()

    class Meta:
        """One line per area and level beneath it."""

        constraints = (models.UniqueConstraint(fields=["area", "level"], name="one_tally_per_area_and_level"),)


class Boundary(models.Model):
    """The polygon of an area, where a free one exists (WGS 84 or CGCS 2000, degrees)."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="boundary")
    geometry = models.JSONField(help_text="GeoJSON geometry: Polygon or MultiPolygon.")
    source = models.CharField(max_length=200)
