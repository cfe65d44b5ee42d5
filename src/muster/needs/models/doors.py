"""Doors as residents know them: their addresses, their office's telephone, and what askers told of themselves."""

from __future__ import annotations

from django.db import models
from encrypted_fields.fields import EncryptedCharField

from muster.needs.models.needs import Need
from muster.territory.models import Area


class DoorAddress(models.Model):
    """The short address of an area's door, as its card says it: given by chance, so that none is found by counting.

    An address is given once and stays, since it hangs on the door.
    """

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="door_address")
    code = models.CharField(max_length=16, unique=True, help_text="As rules.doors makes it: lower case, no signs.")

    def __str__(self) -> str:
        return self.code


class OfficePhone(models.Model):
    """The public telephone number of an area's office, for whoever stands at a door."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="office_phone")
    phone = models.CharField(max_length=40, help_text="Public: no person's own number.")
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.phone


class Asker(models.Model):
    """Who asked at a door, as far as they told: for whoever comes to help. Deleted at the sunset of the emergency."""

    need = models.OneToOneField(Need, on_delete=models.CASCADE, related_name="asker")
    door = models.ForeignKey(
        Area, on_delete=models.CASCADE, related_name="+", help_text="Where they asked; the need may be put elsewhere."
    )
    household = models.CharField(max_length=40, blank=True, help_text="Floor or door number, to find them.")
    contact = EncryptedCharField(
        max_length=400, null=True, help_text="How to reach them, for whoever carries the need; encrypted at rest."
    )


class NeedPicture(models.Model):
    """A picture that came with a need, drawn anew without what cameras write into theirs. Deleted with the asker."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="pictures")
    image = models.BinaryField(help_text="JPEG.")
    added_at = models.DateTimeField()
