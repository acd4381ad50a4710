"""Forms as Slack shows them: pure functions from a form of the domain to a modal view."""

from bot.slack.forms.drawing import FORM, draw_form

__all__ = ["FORM", "draw_form"]
