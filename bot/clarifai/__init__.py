"""The gateway to Clarifai: domain words in, protobuf out, and every failure one of the platform's errors."""

from bot.clarifai.account import ClarifaiAccount
from bot.clarifai.patience import Patience
from bot.clarifai.platform import ClarifaiPlatform

__all__ = ["ClarifaiAccount", "ClarifaiPlatform", "Patience"]
