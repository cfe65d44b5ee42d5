"""Each channel carries an envelope, or says whether it may be carried another time."""

from __future__ import annotations

import base64
import email
import json
import stat
from collections.abc import Iterator
from contextlib import nullcontext
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import LazySettings

from muster.kernel.errors import MusterError
from muster.messages.channels import Envelope, RefusedError, UnansweredError, open_channels
from muster.messages.channels.push import Push
from tests.messages.receivers import HttpReceiver, make_certificate, receive_http, receive_mail

KEY = UUID(int=7)
SMS = """
url = "{url}/send/{{to}}"
ok_at = "result.code"
refused = ["unknown-number"]
[headers]
Idempotency-Key = "{{key}}"
Authorization = "Bearer secret"
[body]
text = "【集结】{{text}}"
"""
ROBOT = """
url = "{url}/robot?token={{to}}&timestamp={{timestamp}}&sign={{sign}}"
ok_at = "errcode"
sign = "dingtalk"
[body]
msgtype = "text"
text = {{content = "{{subject}} {{text}}"}}
"""


@pytest.fixture
def gateway(tmp_path: Path, settings: LazySettings) -> Iterator[HttpReceiver]:
    settings.GATEWAYS = str(tmp_path)
    with receive_http() as receiver:
        (tmp_path / "sms.toml").write_text(SMS.format(url=receiver.url), encoding="utf-8")
        (tmp_path / "dingtalk.toml").write_text(ROBOT.format(url=receiver.url), encoding="utf-8")
        receiver.replies = [(200, {"result": {"code": 0}, "errcode": 0})]
        yield receiver


def _carry(channel: str, to: str, text: str = "请来顶岗 & 带口罩") -> None:
    open_channels()[channel](Envelope(KEY, to, "顶岗", text))


def test_a_text_message_goes_to_the_citys_gateway_in_its_own_form(gateway: HttpReceiver) -> None:
    _carry("sms", "+8613800000000")
    [sent] = gateway.received
    assert sent.path == "/send/%2B8613800000000"
    assert sent.json == {"text": "【集结】请来顶岗 & 带口罩"}
    assert (sent.headers["Idempotency-Key"], sent.headers["Authorization"]) == (str(KEY), "Bearer secret")


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ((200, {"result": {"code": "unknown-number"}}), RefusedError),
        ((422, {}), RefusedError),
        ((200, {"result": {"code": 45009}}), UnansweredError),
        ((200, {}), UnansweredError),
        ((401, {}), UnansweredError),
        ((503, {}), UnansweredError),
    ],
)
def test_a_gateway_that_does_not_take_it_says_whether_it_ever_will(
    gateway: HttpReceiver, reply: tuple[int, object], error: type[Exception]
) -> None:
    gateway.replies = [reply]
    with pytest.raises(error) as failure:
        _carry("sms", "+8613800000000")
    assert "138" not in str(failure.value)


def test_a_gateway_that_is_not_there_may_be_there_later(gateway: HttpReceiver, tmp_path: Path) -> None:
    (tmp_path / "sms.toml").write_text(SMS.format(url="http://127.0.0.1:9"), encoding="utf-8")
    with pytest.raises(UnansweredError, match="no answer"):
        _carry("sms", "+8613800000000")


def test_a_robot_is_signed_for_where_its_address_has_a_secret(gateway: HttpReceiver) -> None:
    _carry("dingtalk", "token-1 SECabc")
    _carry("dingtalk", "token-2")
    assert "token=token-1&timestamp=1" in gateway.received[0].path
    assert gateway.received[1].path.endswith("token=token-2&timestamp=&sign=")
    assert gateway.received[0].json["text"] == {"content": "顶岗 请来顶岗 & 带口罩"}


def test_a_robot_that_refuses_with_status_200_has_not_taken_it(gateway: HttpReceiver) -> None:
    gateway.replies = [(200, {"errcode": 130101, "errmsg": "send too fast"})]
    with pytest.raises(UnansweredError, match="130101"):
        _carry("dingtalk", "token-1")


def test_mail_goes_out_with_the_key_as_its_id(settings: LazySettings) -> None:
    with receive_mail() as receiver:
        settings.MAIL_SERVER = f"smtp://127.0.0.1:{receiver.port}/?from=office@example.org&tls=no"
        _carry("mail", "bai@example.org")
        with pytest.raises(RefusedError, match="550"):
            _carry("mail", "nobody@example.org")
    [sent] = receiver.received
    mail = email.message_from_bytes(sent.content, policy=default)
    assert (mail["Message-ID"], mail["Subject"]) == (f"<{KEY}@example.org>", "顶岗")
    assert mail.get_content().strip() == "请来顶岗 & 带口罩"
    with pytest.raises(UnansweredError):
        _carry("mail", "bai@example.org")


def test_a_push_to_what_is_no_subscription_is_refused_and_its_key_is_closed_to_others(tmp_path: Path) -> None:
    push = Push("office@example.org", tmp_path / "push_key.pem")
    with pytest.raises(RefusedError, match="no subscription"):
        push.carry(Envelope(KEY, "{}", "", ""))
    assert stat.S_IMODE((tmp_path / "push_key.pem").stat().st_mode) == 0o600


def test_a_setting_that_cannot_be_read_is_told_without_its_secret(
    gateway: HttpReceiver, tmp_path: Path, settings: LazySettings
) -> None:
    (tmp_path / "sms.toml").write_text("colour = 1", encoding="utf-8")
    with pytest.raises(MusterError, match="no gateway"):
        open_channels()
    settings.GATEWAYS, settings.MAIL_SERVER = "", "http://user:secret@host/"
    with pytest.raises(MusterError) as failure:
        open_channels()
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize(("status", "error"), [(201, None), (410, RefusedError), (503, UnansweredError)])
def test_a_push_is_encrypted_for_the_browser_and_kept_for_a_phone_that_sleeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, error: type[Exception] | None
) -> None:
    browser = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = browser.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    keys = {"p256dh": base64.urlsafe_b64encode(point).decode(), "auth": base64.urlsafe_b64encode(bytes(16)).decode()}
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with receive_http(certificate) as service:
        service.replies = [(status, {})]
        subscription = json.dumps({"endpoint": f"https://localhost:{service.port}/phone", "keys": keys})
        carry = Push("office@example.org", tmp_path / "push_key.pem").carry
        with pytest.raises(error) if error else nullcontext():
            carry(Envelope(KEY, subscription, "顶岗", "请来顶岗"))
    [sent] = service.received
    assert (sent.headers["TTL"], sent.headers["Content-Encoding"]) == ("14400", "aes128gcm")
    assert sent.headers["Authorization"].startswith("vapid t=")
    assert "顶岗".encode() not in sent.body
