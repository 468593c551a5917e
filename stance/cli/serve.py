"""``stance serve``: the local page and its API."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Annotated

import typer

from stance.cli.common import (
    CheckpointOption,
    DeviceOption,
    ExtractorOption,
    PrecisionName,
    PrecisionOption,
    app,
    clean_errors,
    say,
)
from stance.errors import DataError, MissingExtraError


@app.command("serve")
@clean_errors
def serve_command(
    host: Annotated[
        str, typer.Option(help="Address to listen at; the usual one is this computer alone.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    checkpoint: CheckpointOption = "default",
    extractor: ExtractorOption = "default",
    device: DeviceOption = None,
    precision: PrecisionOption = PrecisionName.auto,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A further name by which it may be asked. Repeatable."),
    ] = None,
    most_bytes: Annotated[int, typer.Option(min=1, help="Of one request.")] = 10_000_000,
    most_waiting: Annotated[
        int, typer.Option(min=1, help="Requests at one time; further ones get status 503.")
    ] = 128,
    seconds: Annotated[
        float, typer.Option(min=0.001, max=86_400, help="That one request may take.")
    ] = 300.0,
) -> None:
    """Open a page to try it: paste or drop an article or a table, see the views, download.

    Beside it stands a JSON API: /v1/analyze and /v1/score, described at /openapi.json. It listens
    to this computer alone, keeps nothing, and asks no other server. It has no login: think before
    you give another --host.
    """
    try:
        import uvicorn

        from stance.serve import ServerSettings, create_app
    except ImportError as error:
        raise MissingExtraError(
            "the page needs FastAPI and Uvicorn: pip install 'newsstance[serve]'"
        ) from error
    import stance
    from stance.serve.settings import LOOPBACK

    names = dict.fromkeys([*LOOPBACK, _as_name(host), *(allow_host or [])])
    settings = ServerSettings(tuple(names), most_bytes, most_waiting, seconds)
    with _listen(host, port) as listening:
        classifier = stance.load(checkpoint, device=device, precision=precision.value)
        finder = stance.load_extractor(extractor, device=device, precision=precision.value)
        application = create_app(classifier, finder, settings)
        at = listening.getsockname()[1]
        say(f"open http://{_as_name(host)}:{at} (Ctrl-C ends it)")
        if host not in ("127.0.0.1", "::1", "localhost"):
            say("warning: other computers may reach it, and it has no login")
        config = uvicorn.Config(
            application, log_level="warning", access_log=False, server_header=False
        )
        with suppress(KeyboardInterrupt):  # how it is ended
            uvicorn.Server(config).run(sockets=[listening])
        say("ended")


def _as_name(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        DataError: the address is not ours, or the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except (OSError, UnicodeError) as error:
        listening.close()
        raise DataError(
            f"cannot listen at {host}, port {port}: {error}. Give another --port (0 takes a free "
            "one) or --host"
        ) from error
    return listening
