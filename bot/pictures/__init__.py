"""Pictures: what a file really is, whether it may come in, and how it looks when it leaves again."""

from bot.pictures.curves import draw_curve
from bot.pictures.desk import Pictures
from bot.pictures.reading import capped

__all__ = ["Pictures", "capped", "draw_curve"]
