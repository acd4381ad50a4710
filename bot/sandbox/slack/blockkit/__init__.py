"""Block Kit as Slack judges it: a declared table of shapes, limits and surfaces, and the judge that reads it."""

from bot.sandbox.slack.blockkit.judge import message_problems, suggestion_problems, view_problems

__all__ = ["message_problems", "suggestion_problems", "view_problems"]
