"""The labelled data as a file: one line per picture and concept, in three forms, and the card that says its worth."""

from bot.domain.exports.datacard import Background, Change, Checked, People, data_card
from bot.domain.exports.forms import TITLES, Form, names_of, read_form
from bot.domain.exports.labels import COLUMNS, LabelLine, Pair, Picture, Source, Standing, Told, Versions, picture_of
from bot.domain.exports.splits import Split, split_of
from bot.domain.exports.tallies import Tally

__all__ = [
    "COLUMNS",
    "TITLES",
    "Background",
    "Change",
    "Checked",
    "Form",
    "LabelLine",
    "Pair",
    "People",
    "Picture",
    "Source",
    "Split",
    "Standing",
    "Tally",
    "Told",
    "Versions",
    "data_card",
    "names_of",
    "picture_of",
    "read_form",
    "split_of",
]
