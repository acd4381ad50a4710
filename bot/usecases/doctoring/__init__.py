"""Whether everything the bot needs is there and lets it work; every failure comes with what to do next."""

from bot.usecases.doctoring.examine import Surroundings, examine
from bot.usecases.doctoring.finding import Finding

__all__ = ["Finding", "Surroundings", "examine"]
