"""The gateway to Clarifai: domain words in, protobuf out, and every failure one of the platform's errors."""

from bot.clarifai.account import REQUESTS_PER_S, ClarifaiAccount
from bot.clarifai.patience import Patience
from bot.clarifai.platform import ClarifaiPlatform

__all__ = ["REQUESTS_PER_S", "ClarifaiAccount", "ClarifaiPlatform", "Patience"]
