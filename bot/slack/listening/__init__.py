"""What Slack delivers, turned into the team's words: thin listeners, one file per conversation."""

from bot.slack.listening.app import make_app
from bot.slack.listening.desk import Desk
from bot.slack.listening.payloads import press_of

__all__ = ["Desk", "make_app", "press_of"]
