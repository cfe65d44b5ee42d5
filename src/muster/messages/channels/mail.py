"""E-mail: one connection a message, with the message's own key as its id, so that mailboxes can tell a second copy."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.mail import EmailMessage, get_connection

from muster.kernel.errors import MusterError
from muster.messages.channels.port import Envelope, RefusedError, UnansweredError

TIMEOUT_S = 15
_PORTS = {"smtp": 587, "smtps": 465}
_FIRST_FINAL_CODE = 500


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mail, as ``smtp://user:password@host:port/?from=ADDRESS&tls=no`` tells it."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    is_encrypted: bool
    is_upgraded: bool

    def carry(self, envelope: Envelope) -> None:
        """Carry an envelope.

        Raises
        ------
        RefusedError
            If the server says that it never will.
        UnansweredError
            If it does not answer, or not now.
        """
        connection = get_connection(
            "django.core.mail.backends.smtp.EmailBackend",
            host=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_ssl=self.is_encrypted,
            use_tls=self.is_upgraded,
            timeout=TIMEOUT_S,
        )
        host = self.sender.rpartition("@")[2]
        headers = {"Message-ID": f"<{envelope.key}@{host}>", "Auto-Submitted": "auto-generated"}
        mail = EmailMessage(
            envelope.subject, envelope.text, self.sender, [envelope.to], headers=headers, connection=connection
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            _refuse(min(codes, default=0))
        except smtplib.SMTPResponseException as error:
            _refuse(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            raise UnansweredError(f"no answer ({type(error).__name__})") from None
        except ValueError:
            raise RefusedError("an address that is none") from None


def _refuse(code: int) -> None:
    if code >= _FIRST_FINAL_CODE:
        raise RefusedError(f"code {code}") from None
    raise UnansweredError(f"code {code}") from None


def read_mail_server(url: str) -> MailServer:
    """Read a mail server from its address.

    Raises
    ------
    MusterError
        If it is none. The address is not repeated: it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    query = parse_qs(parts.query)
    sender = query.get("from", [unquote(parts.username or "")])[-1]
    if parts.scheme not in _PORTS or not parts.hostname or "@" not in sender:
        raise MusterError(
            "MUSTER_MAIL is no address of a mail server.",
            remedy="Give it as smtps://user:password@host/?from=office@example.org.",
        )
    return MailServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender,
        is_encrypted=parts.scheme == "smtps",
        is_upgraded=parts.scheme == "smtp" and query.get("tls", ["yes"])[-1] != "no",
    )
