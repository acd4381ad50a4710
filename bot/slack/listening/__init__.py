"""What Slack delivers, turned into the team's words: thin listeners, one file per conversation."""

from bot.slack.listening.app import make_app
from bot.slack.listening.desk import Desk, SharedFiles
from bot.slack.listening.payloads import press_of

__all__ = ["Desk", "SharedFiles", "make_app", "press_of"]
