"""The methods of the Web API: one table, filled by one module per family."""

from bot.sandbox.slack.methods import app, chat, conversations, files, people, views
from bot.sandbox.slack.methods.method import Call, Method

METHODS: dict[str, Method] = {
    **app.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **people.METHODS,
    **views.METHODS,
}

__all__ = ["METHODS", "Call", "Method"]
