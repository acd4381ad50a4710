"""Models that look at pictures: a real one and one that says what a test plants."""

from bot.sandbox.recognition.general import GeneralModel
from bot.sandbox.recognition.installed import ModelsMissing
from bot.sandbox.recognition.planted import PlantedModel
from bot.sandbox.recognition.process import RecognitionStopped
from bot.sandbox.recognition.recogniser import ModelConcept, Recogniser, UnreadableImage

__all__ = [
    "GeneralModel",
    "ModelConcept",
    "ModelsMissing",
    "PlantedModel",
    "Recogniser",
    "RecognitionStopped",
    "UnreadableImage",
]
