"""`python -m bot` is `annotate-bot`."""

from bot.cli import main

main()
