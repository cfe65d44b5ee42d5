"""Channels, urgency, and how far a message has come."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """What carries a message, in the order in which a recipient's channels are tried."""

    WECOM = "wecom", _("WeCom robot")
    DINGTALK = "dingtalk", _("DingTalk robot")
    FEISHU = "feishu", _("Feishu robot")
    PUSH = "push", _("web push")
    SMS = "sms", _("text message")
    MAIL = "mail", _("e-mail")


class Urgency(models.TextChoices):
    """Whether a message passes through quiet hours."""

    URGENT = "urgent", _("urgent")
    CAN_WAIT = "can_wait", _("can wait")


class MessageState(models.TextChoices):
    """How far a message has come."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("undelivered")
