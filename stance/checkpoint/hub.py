"""Whether the model hub can be reached, told within seconds."""

from __future__ import annotations

import threading

HUB_SECONDS = 3.0


def why_not_on_hub(hub_id: str, revision: str | None = None) -> str | None:
    """Ask whether the hub has a model.

    Args:
        hub_id: its name there.
        revision: branch, tag or commit; the main branch when None.

    Returns:
        None where it has it; else why not: the hub does not answer in a few seconds, has no such
        model, or is not to be asked.
    """
    from huggingface_hub import HfApi, constants

    if constants.HF_HUB_OFFLINE:
        return "the model hub was not asked, since HF_HUB_OFFLINE is set"
    answers: list[Exception | None] = []

    def ask() -> None:
        try:
            HfApi().model_info(hub_id, revision=revision, timeout=HUB_SECONDS)
            answers.append(None)
        except Exception as error:  # the client raises many kinds
            answers.append(error)

    # In a thread, since the client tries again and again where a network swallows its packets.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(HUB_SECONDS)
    if not answers:
        return f"the model hub did not answer in {HUB_SECONDS:.0f} seconds"
    return None if answers[0] is None else f"the model hub: {in_one_line(answers[0])}"


def in_one_line(error: BaseException) -> str:
    """Kind and first line of an error of the hub's client."""
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0][:200]}"
