"""Queuing messages, delivering them, and telling how somebody is reached: one function per change."""

from muster.messages.actions.contacts import set_contact, set_quiet_hours
from muster.messages.actions.delivering import claim_messages, deliver
from muster.messages.actions.queuing import MessageSpec, Recipient, queue_message, queue_messages, try_again

__all__ = [
    "MessageSpec",
    "Recipient",
    "claim_messages",
    "deliver",
    "queue_message",
    "queue_messages",
    "set_contact",
    "set_quiet_hours",
    "try_again",
]
