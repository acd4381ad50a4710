"""Deliveries to the bot that Slack would sign, made by hand: repeated, changed, or sent by a stranger."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

from slack_sdk.signature import SignatureVerifier

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def press_payload(lab: Lab, card: dict[str, Any], label: str, user: str) -> dict[str, Any]:
    """Make a press on a card as Slack delivers it."""
    found = [e for b in card["blocks"] if b["type"] == "actions" for e in b["elements"]]
    element = next(e for e in found if e["text"]["text"] == label)
    kept = {key: element[key] for key in ("type", "action_id", "value", "text")}
    return {
        "type": "block_actions",
        "team": {"id": lab.workspace.team_id, "domain": "sandbox"},
        "user": {"id": user, "username": "x", "team_id": lab.workspace.team_id},
        "api_app_id": "A0ANNOTATE1",
        "container": {"type": "message", "message_ts": card["ts"], "channel_id": lab.channel, "is_ephemeral": False},
        "channel": {"id": lab.channel, "name": "labels"},
        "message": card,
        "actions": [{**kept, "block_id": "b1", "action_ts": "1777888999.000100"}],
    }


def deliver_press(lab: Lab, payload: dict[str, Any]) -> int:
    """Send an interaction; return the HTTP status."""
    body = urllib.parse.urlencode({"payload": json.dumps(payload)})
    return _send(lab, body, {"Content-Type": "application/x-www-form-urlencoded"})


def deliver_submission(lab: Lab, payload: dict[str, Any]) -> dict[str, Any]:
    """Send a form that somebody submitted; return what the bot answers."""
    body = urllib.parse.urlencode({"payload": json.dumps(payload)})
    status, answer = _ask(lab, body, {"Content-Type": "application/x-www-form-urlencoded"})
    assert status == 200, status
    return dict(json.loads(answer))


def deliver_event(lab: Lab, event: dict[str, Any], *, retry: int = 0) -> int:
    """Send an event, as its so manieth repetition; return the HTTP status."""
    body = {"type": "event_callback", "team_id": lab.workspace.team_id, "event_id": "Ev0SAME0001", "event": event}
    headers = {"Content-Type": "application/json"}
    if retry:
        headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
    return _send(lab, json.dumps(body), headers)


def deliver_command(lab: Lab, text: str, *, by: str, team_id: str) -> int:
    """Send an /annotate line of somebody whose workspace is `team_id`; return the HTTP status."""
    form = {"command": "/annotate", "text": text, "team_id": team_id, "channel_id": lab.channel, "user_id": by}
    more = {"channel_name": "labels", "user_name": "x", "response_url": "", "trigger_id": "1.1.a"}
    return _send(lab, urllib.parse.urlencode(form | more), {"Content-Type": "application/x-www-form-urlencoded"})


def _send(lab: Lab, body: str, headers: dict[str, str]) -> int:
    return _ask(lab, body, headers)[0]


def _ask(lab: Lab, body: str, headers: dict[str, str]) -> tuple[int, bytes]:
    stamp = str(int(time.time()))
    signature = SignatureVerifier(lab.workspace.signing_secret).generate_signature(timestamp=stamp, body=body)
    signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature or ""}
    request = urllib.request.Request(lab.address, data=body.encode(), headers={**headers, **signed})  # noqa: S310 - ours
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the bot's own address
            return int(answer.status), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
