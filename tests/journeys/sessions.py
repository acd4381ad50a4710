"""A review session and the Home tab as a person sees and uses them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def words(view: dict[str, Any]) -> str:
    return json.dumps(view, ensure_ascii=False)


def picture(view: dict[str, Any]) -> str:
    """The name of the picture on the screen; empty when there is none."""
    return next((str(b["alt_text"]).partition(",")[0] for b in view["blocks"] if b["type"] == "image"), "")


def fields(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The input blocks on the screen, by concept."""
    return {b["label"]["text"]: b for b in view["blocks"] if b["type"] == "input"}


def open_session(lab: Lab, by: str, text: str = "review") -> dict[str, Any]:
    return lab.open_form(text, by)


def answer(lab: Lab, by: str, **verdicts: str) -> dict[str, Any]:
    """Choose verdicts by concept, send, and return the next view."""
    view = lab.form(by)
    shown = fields(view)
    values = {shown[c]["block_id"]: {shown[c]["element"]["action_id"]: v} for c, v in verdicts.items()}
    sent = lab.workspace.submit_view(by, view["id"], values)
    assert sent.ok, sent
    return lab.form(by)


def upload(lab: Lab, name: str, **values: float) -> None:
    lab.upload((name, lab.picture(shape=(64, 48), kind="PNG", **values)))
    lab.settle_down()


def open_home(lab: Lab, by: str) -> dict[str, Any]:
    """Open the Home tab, let the bot draw it, and return what the person sees."""
    lab.workspace.open_home(by)
    lab.run("publish_homes")
    return home(lab, by)


def home(lab: Lab, by: str) -> dict[str, Any]:
    """What somebody's Home tab shows now."""
    view = lab.workspace.home(by)
    assert view is not None, "nothing was published"
    return view
