"""The local page and its JSON API (extra ``serve``): ``stance serve``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.serve.app import create_app
    from stance.serve.settings import ServerSettings

__getattr__ = lazy_names(__name__, {"app": "create_app", "settings": "ServerSettings"})

__all__ = ["ServerSettings", "create_app"]
