"""The messages room as Django knows it."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Messages to people and offices, and the channels that carry them."""

    name = "muster.messages"
    label = "muster_messages"
    verbose_name = "messages"
