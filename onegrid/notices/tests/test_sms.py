"""Text messages: signed, to one host only, with the provider's template; each answer means one thing."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from onegrid.notices.adapters import Final, Refused, Unknown, sms
from onegrid.notices.rules.words import Envelope

ABOUT = Envelope("accept", "2026-511502-K7M4PX-3", "report:1", "已受理。", "REF1", "138", args={"promised": "11-30"})
SECRET = "shared-with-the-gateway"


class Gateway:
    def __init__(self) -> None:
        self.status, self.headers, self.bodies = 200, list[Any](), list[bytes]()
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                gateway.headers.append(dict(self.headers))
                gateway.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(gateway.status)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()
                self.wfile.write(b'{"id": "their-7"}')

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    made = Gateway()
    settings.NOTICES_SMS_URL = f"http://127.0.0.1:{made.server.server_address[1]}/send?v=1"
    settings.NOTICES_HOSTS, settings.NOTICES_SECONDS = ["127.0.0.1"], 1
    settings.NOTICES_SMS_KEY, settings.NOTICES_SMS_SECRET, settings.NOTICES_SMS_SIGN = "onegrid", SECRET, "云麓县"
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_message_is_signed_over_time_nonce_and_body(gateway: Gateway) -> None:
    """Computed here once more, by hand, as the gateway's makers read it in docs/operate.md."""
    assert sms.deliver(ABOUT) == "their-7"
    head, body = gateway.headers[0], gateway.bodies[0]
    said = f"send\n{head['X-Timestamp']}\n{head['X-Nonce']}\n{hashlib.sha256(body).hexdigest()}"
    assert head["X-Signature"] == hmac.new(SECRET.encode(), said.encode(), hashlib.sha256).hexdigest()
    assert json.loads(body) == {"id": "REF1", "to": "138", "sign": "云麓县", "text": "已受理。"}


def test_no_two_messages_have_the_same_nonce(gateway: Gateway) -> None:
    sms.deliver(ABOUT)
    sms.deliver(ABOUT)
    assert gateway.headers[0]["X-Nonce"] != gateway.headers[1]["X-Nonce"]
    assert gateway.bodies[0] == gateway.bodies[1]


@pytest.mark.parametrize(
    ("status", "raised"),
    [(400, Final), (422, Final), (401, Refused), (429, Refused), (500, Refused), (503, Refused), (502, Unknown),
     (504, Unknown), (302, Refused)],
)  # fmt: skip
def test_each_answer_means_one_thing(gateway: Gateway, status: int, raised: type[Exception]) -> None:
    """A proxy's 502 or 504 says nothing of the gateway behind it; a redirect is never followed."""
    gateway.status = status
    with pytest.raises(raised) as error:
        sms.deliver(ABOUT)
    assert type(error.value) is raised
    assert len(gateway.bodies) == 1


def test_a_kind_without_a_template_fails_at_once(gateway: Gateway, settings: Any, tmp_path: Path) -> None:
    kept = tmp_path / "templates.json"
    kept.write_text('{"accept": "SMS_101"}')
    settings.NOTICES_SMS_TEMPLATES = str(kept)
    sms.templates.cache_clear()
    sms.deliver(ABOUT)
    body = json.loads(gateway.bodies[0])
    assert body["template"] == "SMS_101"
    assert body["params"]["promised"] == "11-30"
    with pytest.raises(Final, match="no template"):
        sms.deliver(Envelope("close", ABOUT.number, "report:1", "已办结。", "REF2", "13800001234"))
    assert len(gateway.bodies) == 1
    sms.templates.cache_clear()


def test_a_host_that_is_not_allowed_is_never_called(gateway: Gateway, settings: Any) -> None:
    settings.NOTICES_HOSTS = ["sms.example"]
    with pytest.raises(Refused, match="not allowed"):
        sms.deliver(ABOUT)
    assert gateway.bodies == []
