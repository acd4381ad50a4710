"""The HTTP edge: what comes in from the network, before anything trusts it."""

from bot.web.edge import Health, edge
from bot.web.metrics import Metrics
from bot.web.server import Server

__all__ = ["Health", "Metrics", "Server", "edge"]
