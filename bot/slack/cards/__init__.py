"""What the bot says in Slack: pure functions from a view to a message."""

from bot.slack.cards.drawing import draw
from bot.slack.cards.home import home
from bot.slack.cards.message import Message
from bot.slack.cards.tables import facts_table, thresholds_table

__all__ = ["Message", "draw", "facts_table", "home", "thresholds_table"]
