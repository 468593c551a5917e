"""What every request passes before it is read: host, origin, number, size and time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from stance.serve.settings import ServerSettings

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

RETRY_SECONDS = 2
_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]


class _TooLarge(Exception):
    """The body of a request goes over the limit."""


class Guard:
    """ASGI middleware that lets through what :class:`ServerSettings` allow.

    It reads the body of a request whole, so that the server holds at most ``most_waiting`` bodies
    of ``most_bytes``.

    Args:
        app: what is guarded.
        settings: the limits.
    """

    def __init__(self, app: App, settings: ServerSettings) -> None:
        self._app = app
        self._settings = settings
        self._hosts = frozenset(host.lower() for host in settings.hosts)
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_on(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": [*message["headers"], *_HEADERS]}
            await send(message)

        refused = self._refusal(scope)
        if refused is not None:
            await _refuse(send_on, *refused)
            return
        self._running += 1
        try:
            await asyncio.wait_for(
                self._answer(scope, receive, send_on), timeout=self._settings.seconds
            )
        except _TooLarge:
            await _refuse(send_on, 413, self._size())
        except asyncio.TimeoutError:
            if not started:
                said = f"no answer within {self._settings.seconds:g} seconds: send less at a time"
                await _refuse(send_on, 504, said)
        finally:
            self._running -= 1

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Status and reason of a request that is not let in."""
        headers = dict(reversed(scope["headers"]))
        host = headers.get(b"host", b"").decode("latin-1")
        if _name_of(host) not in self._hosts:
            allowed = ", ".join(sorted(self._hosts))
            said = f"this server answers to {allowed}: start it with --allow-host to add a name"
            return 400, said
        origin = headers.get(b"origin")
        if origin is not None and _host_of(origin.decode("latin-1")) != host:
            return 403, "a page of another site may not ask this server"
        if headers.get(b"sec-fetch-site") == b"cross-site" and scope["method"] != "GET":
            return 403, "a page of another site may not ask this server"
        if scope["method"] != "POST":
            return None
        if self._running >= self._settings.most_waiting:
            said = f"{self._running} requests are being answered: try again in a few seconds"
            return 503, said
        length = headers.get(b"content-length", b"0")
        if not length.isdigit():
            return 400, "the header Content-Length is no number"
        return (413, self._size()) if int(length) > self._settings.most_bytes else None

    def _size(self) -> str:
        return f"a request may hold {self._settings.most_bytes:,} bytes: send less at a time"

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._settings.most_bytes:
                raise _TooLarge
        first: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def receive_again() -> Message:
            return first.pop() if first else await receive()

        await self._app(scope, receive_again, send)


def _name_of(host: str) -> str:
    """The name in a Host header, without its port."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return name.lower()


def _host_of(origin: str) -> str | None:
    """The host, with its port, of an Origin header; None where it has none."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


async def _refuse(send: Send, status: int, reason: str) -> None:
    headers = [(b"content-type", b"application/json")]
    if status == 503:
        headers.append((b"retry-after", str(RETRY_SECONDS).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"detail": reason}).encode()})
