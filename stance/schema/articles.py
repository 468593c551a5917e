"""Where statements stand: a text, and what is known of it."""

from __future__ import annotations

from typing import Protocol


class Article(Protocol):
    """A text and what is known of where it comes from; :class:`stance.Document` is one."""

    @property
    def text(self) -> str:
        """The text that all offsets refer to."""

    @property
    def id(self) -> str | None:
        """The reader's own name of the article."""

    @property
    def title(self) -> str | None:
        """The headline."""

    @property
    def date(self) -> str | None:
        """The day of publication, as it was given."""

    @property
    def outlet(self) -> str | None:
        """Who published it."""

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote it."""

    @property
    def url(self) -> str | None:
        """Where it stands."""
