"""What keeps a project from working, until somebody puts it right."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """CHANNEL: the bot cannot post there. KEY: Clarifai does not take the key."""

    CHANNEL = "channel"
    KEY = "key"


# What the person who set up is told once, when it begins and when it is over; {channel} is the channel's mention.
BEGINS = {
    Trouble.CHANNEL: "I cannot post in {channel}: {why}. Answers given are kept and written; cards and digests wait. "
    "Invite me again, or bring the channel back, and it goes on where it was.",
    Trouble.KEY: "Clarifai does not take the key of {channel}: {why} Answers given are kept; images and cards wait. "
    "Put a valid key of the app's owner into CLARIFAI_PAT where the bot runs and restart it; nothing is lost.",
}
ENDS = {
    Trouble.CHANNEL: "I can post in {channel} again and go on where I was.",
    Trouble.KEY: "Clarifai takes the key of {channel} again. What waited is carried on now.",
}
WHY_NO_CHANNEL = {
    "channel_left": "I was removed from it",
    "group_left": "I was removed from it",
    "channel_archive": "it was archived",
    "group_archive": "it was archived",
    "not_in_channel": "I am not a member of it",
    "channel_not_found": "it does not exist any more, or I cannot see it",
    "is_archived": "it is archived",
    "restricted_action": "only some people may post there",
}
