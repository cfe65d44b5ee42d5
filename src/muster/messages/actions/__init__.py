"""Queuing messages, delivering them, and telling how somebody is reached: one function per change."""

from muster.messages.actions.contacts import set_contact, set_quiet_hours
from muster.messages.actions.delivering import claim_messages, deliver
from muster.messages.actions.queuing import Recipient, queue_message, try_again

__all__ = [
    "Recipient",
    "claim_messages",
    "deliver",
    "queue_message",
    "set_contact",
    "set_quiet_hours",
    "try_again",
]
