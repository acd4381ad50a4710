"""What the bot does, in the team's words. Knows the outside through the Protocols in `ports` only."""
