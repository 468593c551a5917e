"""Who may ask a server, how much, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

from stance.config import check_range

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
MOST_STATEMENTS = 1000
"""Statements of one request."""
MOST_CHARACTERS = 500_000
"""Characters of one article, or of its page."""
MOST_EXPLAINED = 100
"""Statements of one request for the words that moved their answers."""
MOST_LEFT_OUT = 2000
"""Words and sentences of them that are left out in turn, each a statement to judge."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Limits of a server.

    Attributes:
        hosts: names by which it may be asked, without port; a request for another is refused, so
            that no page of another site reaches it by a name that points here (DNS rebinding).
        most_bytes: of the body of a request.
        most_waiting: requests that are answered or wait at one time; further ones get status 503.
        seconds: that a request may take, the sending of its body included.
    """

    hosts: tuple[str, ...] = LOOPBACK
    most_bytes: int = 10_000_000
    most_waiting: int = 128
    seconds: float = 300.0

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a limit is out of range; the message names it.
        """
        check_range("most_bytes", self.most_bytes, 1)
        check_range("most_waiting", self.most_waiting, 1)
        check_range("seconds", self.seconds, 0.001, 86_400)
