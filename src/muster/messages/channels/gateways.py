"""Gateways that take messages over HTTP: text messages, and the robots of WeCom, DingTalk and Feishu.

What each wants is told by a few lines of TOML, ours or the city's own: address, headers, body, and where its answer
says that it took the message. Robots refuse with status 200 and a code in the body, which a library that looks at the
status alone takes for success.
"""

from __future__ import annotations

import base64
import hmac
import json
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from muster.kernel.errors import MusterError
from muster.messages.channels.port import Envelope, RefusedError, UnansweredError
from muster.messages.kinds import Channel

TIMEOUT_S = 10
_FINAL = frozenset({400, 410, 413, 422})
"""Statuses about the message itself. All others may be mended at the gateway, such as a wrong password."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway, as its TOML tells it.

    Parameters
    ----------
    url
        Where to send. Here and in ``headers`` and ``body``, ``{to}``, ``{subject}``, ``{text}``, ``{key}``,
        ``{timestamp}`` and ``{sign}`` are filled in.
    method, headers
        How to send.
    body
        Sent as JSON, or as a form where ``is_form``. What is filled with nothing is left out.
    ok_at, ok
        Where the answer tells its code, such as ``data.code``, and which codes mean that it was taken. Without them
        the status alone tells.
    refused
        Codes that mean it never will be, such as an unknown number.
    sign
        How it is signed with the secret that follows the address after a space: ``dingtalk``, ``feishu`` or nothing.
    """

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    is_form: bool = False
    ok_at: str = ""
    ok: tuple[int | str, ...] = (0, "0")
    refused: tuple[int | str, ...] = ()
    sign: str = ""

    def carry(self, envelope: Envelope) -> None:
        """Carry an envelope.

        Raises
        ------
        RefusedError
            If the gateway says that it never will.
        UnansweredError
            If it does not answer, or not now.
        """
        words = self._list_words(envelope)
        body = _fill(self.body, words)
        try:
            answer = requests.request(
                self.method,
                _fill(self.url, {name: quote(word, safe="") for name, word in words.items()}),
                headers=_fill(self.headers, words),
                data=body if self.is_form else json.dumps(body, ensure_ascii=False).encode(),
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise UnansweredError(f"no answer ({type(error).__name__})") from None
        self._check(answer)

    def _list_words(self, envelope: Envelope) -> dict[str, str]:
        to, _, secret = envelope.to.partition(" ")
        timestamp, sign = _SIGNS[self.sign](secret) if secret and self.sign else ("", "")
        return {
            "to": to,
            "subject": envelope.subject,
            "text": envelope.text,
            "key": str(envelope.key),
            "timestamp": timestamp,
            "sign": sign,
        }

    def _check(self, answer: requests.Response) -> None:
        if answer.status_code in _FINAL:
            raise RefusedError(f"status {answer.status_code}")
        if not 200 <= answer.status_code < 300:
            raise UnansweredError(f"status {answer.status_code}")
        if not self.ok_at:
            return
        code = _find(answer, self.ok_at)
        if code in self.refused:
            raise RefusedError(f"code {code}")
        if code not in self.ok:
            raise UnansweredError(f"code {code}")


def _fill(what: Any, words: Mapping[str, str]) -> Any:
    """Fill words into all texts of a value; in a body, what is filled with nothing is left out."""
    if isinstance(what, str):
        for name, word in words.items():
            what = what.replace(f"{{{name}}}", word)
        return what
    if isinstance(what, Mapping):
        filled = {name: _fill(value, words) for name, value in what.items()}
        return {name: value for name, value in filled.items() if value != ""}
    return [_fill(one, words) for one in what] if isinstance(what, list) else what


def _find(answer: requests.Response, where: str) -> Any:
    try:
        found = answer.json()
        for name in where.split("."):
            found = found[name]
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, int | str) else None


def _sign_dingtalk(secret: str) -> tuple[str, str]:
    timestamp = str(round(time.time() * 1000))
    digest = hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), "sha256")
    return timestamp, base64.b64encode(digest).decode()


def _sign_feishu(secret: str) -> tuple[str, str]:
    timestamp = str(round(time.time()))
    return timestamp, base64.b64encode(hmac.digest(f"{timestamp}\n{secret}".encode(), b"", "sha256")).decode()


_SIGNS = {"dingtalk": _sign_dingtalk, "feishu": _sign_feishu}

ROBOTS: dict[str, Gateway] = {
    Channel.WECOM: Gateway(
        url="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={to}",
        body={"msgtype": "text", "text": {"content": "{subject}\n{text}"}},
        ok_at="errcode",
        refused=(93000,),
    ),
    Channel.DINGTALK: Gateway(
        url="https://oapi.dingtalk.com/robot/send?access_token={to}&timestamp={timestamp}&sign={sign}",
        body={"msgtype": "text", "text": {"content": "{subject}\n{text}"}},
        ok_at="errcode",
        refused=(300005, 310000),
        sign="dingtalk",
    ),
    Channel.FEISHU: Gateway(
        url="https://open.feishu.cn/open-apis/bot/v2/hook/{to}",
        body={
            "timestamp": "{timestamp}",
            "sign": "{sign}",
            "msg_type": "text",
            "content": {"text": "{subject}\n{text}"},
        },
        ok_at="code",
        refused=(19001, 19021),
        sign="feishu",
    ),
}


def read_gateway(path: Path) -> Gateway:
    """Read a gateway from its TOML.

    Raises
    ------
    MusterError
        If it is none.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        listed: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
        }
        gateway = Gateway(**listed)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise MusterError(f"This tells of no gateway: {error}.", where=str(path)) from error
    if gateway.sign and gateway.sign not in _SIGNS:
        raise MusterError(f"Nothing is signed as {gateway.sign}.", where=str(path), remedy="dingtalk or feishu are.")
    return gateway
