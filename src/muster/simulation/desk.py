"""The duty officer at the desk: signed in as in a browser, asking for cover where nobody has come."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from muster.kernel.errors import MusterError
from muster.scenarios.accounts import DEMO_ACCOUNTS, demo_password
from muster.simulation.wire import Wire

_SIGN_IN = "/accounts/login/"
_SENT_ON = 302


@dataclass
class Desk:
    """A browser in which the duty officer of a demonstration is signed in.

    Parameters
    ----------
    wire
        Over which.
    area
        Code of the officer's area.
    """

    wire: Wire
    area: str
    _cookies: dict[str, str] = field(default_factory=dict)
    _signing: threading.Lock = field(default_factory=threading.Lock)

    def ask_for_cover(self, duty_id: int) -> bool:
        """Ask for somebody to stand in for whoever has not come; tell whether they are asked now."""
        typed = {"duty": str(duty_id), "reason": "absent"}
        return self.wire.fill_in("desk/ask", f"/roster/{self.area}/ask", typed, self._sign_in()).status == _SENT_ON

    def _sign_in(self) -> dict[str, str]:
        with self._signing:
            if not self._cookies:
                page = self.wire.open_page("desk/sign in", _SIGN_IN)
                typed = {"login": DEMO_ACCOUNTS[0].username, "password": demo_password()}
                reply = self.wire.fill_in("desk/sign in", _SIGN_IN, typed, page.cookies)
                if "sessionid" not in reply.cookies:
                    raise MusterError("The duty officer cannot sign in.", where=f"status {reply.status}")
                self._cookies = {**page.cookies, **reply.cookies}
            return self._cookies
