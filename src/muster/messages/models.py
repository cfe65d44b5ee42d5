"""The outbox, how people and offices are reached, and when not."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from encrypted_fields.fields import EncryptedCharField

from muster.messages.kinds import Channel, MessageState, Urgency
from muster.people.models import Person
from muster.territory.models import Area

_ONE_SUBJECT = Q(person=None, area__isnull=False) | Q(person__isnull=False, area=None)


class Contact(models.Model):
    """How a person, or the office of an area, is reached on a channel. Read only when a message is sent."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="contacts")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, null=True, related_name="contacts")
    channel = models.CharField(max_length=12, choices=Channel.choices)
    address = EncryptedCharField(max_length=2000, null=True, help_text="To reach them; encrypted at rest.")
    set_at = models.DateTimeField()

    class Meta:
        """It is somebody's or some office's."""

        constraints = (models.CheckConstraint(condition=_ONE_SUBJECT, name="contact_has_one_subject"),)


class QuietHours(models.Model):
    """Hours of the local day in which what can wait does not disturb a person, or anybody of an area."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, null=True, related_name="quiet_hours")
    area = models.OneToOneField(Area, on_delete=models.CASCADE, null=True, related_name="quiet_hours")
    starts_min = models.PositiveSmallIntegerField(help_text="Minutes after local midnight.")
    ends_min = models.PositiveSmallIntegerField(help_text="The same; less than the start where it is over midnight.")

    class Meta:
        """They are somebody's or some area's."""

        constraints = (models.CheckConstraint(condition=_ONE_SUBJECT, name="quiet_hours_have_one_subject"),)


class Message(models.Model):
    """One message to one person or office, and how far it has come. It holds no address.

    All moments are real ones, also in an exercise: they pace the work itself.
    """

    key = models.CharField(max_length=120, unique=True, help_text="Named by what it is about: sent once, whoever asks.")
    wording = models.CharField(max_length=32, help_text="One of the wordings, with the words for its holes.")
    words = models.JSONField(default=dict)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="messages")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, null=True, related_name="messages")
    urgency = models.CharField(max_length=12, choices=Urgency.choices)
    is_exercise = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=MessageState.choices, default=MessageState.WAITING)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Not before.")
    tries = models.PositiveSmallIntegerField(default=0)
    spent = models.JSONField(default=list, help_text="Channels that refused it for good.")
    worker = models.CharField(max_length=120, blank=True, help_text="Who holds the lease.")
    lease_until_at = models.DateTimeField(null=True, help_text="From then on another worker may take it.")
    channel = models.CharField(max_length=12, choices=Channel.choices, blank=True, help_text="What carried it.")
    ended_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True, help_text="What went wrong last; never an address.")

    class Meta:
        """What is open is looked for every second."""

        indexes = (
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=[MessageState.WAITING, MessageState.SENDING]),
                name="open_messages_by_due",
            ),
        )
        constraints = (models.CheckConstraint(condition=_ONE_SUBJECT, name="message_has_one_recipient"),)

    def __str__(self) -> str:
        return self.key
