"""A Clarifai on loopback: the calls of auto-annotation over real gRPC, with a model that really recognises."""

from bot.sandbox.clarifai.answers import Refusal
from bot.sandbox.clarifai.orders import NoSuchFault
from bot.sandbox.clarifai.server import ClarifaiSandbox
from bot.sandbox.clarifai.switches import Switches, switched

__all__ = ["ClarifaiSandbox", "NoSuchFault", "Refusal", "Switches", "switched"]
