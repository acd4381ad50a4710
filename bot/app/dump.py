"""Everything the bot can show, in a file: for whoever wants to look at it or to check it with tools of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.settings import SettingsError
from bot.slack import gallery

if TYPE_CHECKING:
    from pathlib import Path


def dump_calls(file: Path) -> int:
    """Write the gallery's calls as JSON lines, in ASCII so that no character of theirs ends a line; return how many.

    Raises:
        SettingsError: the file cannot be written.
    """
    lines = [json.dumps({"method": call.method, "args": call.args}) for call in gallery.calls()]
    try:
        file.write_text("".join(f"{line}\n" for line in lines), "ascii")
    except OSError as problem:
        raise SettingsError(f"--dump {file} cannot be written: {problem.strerror}") from None
    return len(lines)
