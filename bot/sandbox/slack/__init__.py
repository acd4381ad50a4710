"""A Slack workspace on loopback: Web API, Socket Mode, signed HTTP delivery and one local page, for trial and tests."""

from bot.sandbox.slack.acts.parts import PressAnswer, SlashAnswer, SubmitAnswer
from bot.sandbox.slack.controls import BotControls
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.journal import ApiCall
from bot.sandbox.slack.people import Member
from bot.sandbox.slack.sandbox import SlackSandbox
from bot.sandbox.slack.wire import ApiError

__all__ = [
    "ApiCall",
    "ApiError",
    "BotControls",
    "Faults",
    "Member",
    "PressAnswer",
    "SlackSandbox",
    "SlashAnswer",
    "SubmitAnswer",
]
