"""The rich_text block: runs of text in sections, lists, quotes and preformatted paragraphs."""

from bot.sandbox.slack.blockkit.shapes import ByType, Check, Shape, boolean, choice, many, number, string, whole

_MOST_RUNS = 1000
_STYLE = Shape(
    optional=dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    ),
)
_STYLED: dict[str, Check] = {"style": _STYLE}
_ID = string(255)
_RUN = ByType(
    {
        "text": Shape(required={"text": string(40_000)}, optional=_STYLED),
        "link": Shape(required={"url": string(3000)}, optional={"text": string(40_000), "unsafe": boolean, **_STYLED}),
        "user": Shape(required={"user_id": _ID}, optional=_STYLED),
        "usergroup": Shape(required={"usergroup_id": _ID}, optional=_STYLED),
        "channel": Shape(required={"channel_id": _ID}, optional=_STYLED),
        "team": Shape(required={"team_id": _ID}, optional=_STYLED),
        "emoji": Shape(required={"name": _ID}, optional={"unicode": string(255), "skin_tone": whole(1, 6), **_STYLED}),
        "date": Shape(
            required={"timestamp": number, "format": string(255)},
            optional={"url": string(3000), "fallback": string(255), **_STYLED},
        ),
        "broadcast": Shape(required={"range": choice("here", "channel", "everyone")}, optional=_STYLED),
        "color": Shape(required={"value": string(20)}, optional=_STYLED),
    }
)
_RUNS = many(_RUN, _MOST_RUNS, least=0)
_SECTION = Shape(required={"elements": _RUNS})
_BORDER: dict[str, Check] = {"border": whole(0, 1)}

RICH_TEXT = Shape(
    required={
        "elements": many(
            ByType(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_list": Shape(
                        required={
                            "style": choice("bullet", "ordered"),
                            "elements": many(ByType({"rich_text_section": _SECTION}), _MOST_RUNS),
                        },
                        optional={"indent": whole(0, 8), "offset": whole(0, 10_000), **_BORDER},
                    ),
                    "rich_text_quote": Shape(required={"elements": _RUNS}, optional=_BORDER),
                    "rich_text_preformatted": Shape(
                        required={"elements": _RUNS}, optional={"language": string(50), **_BORDER}
                    ),
                }
            ),
            _MOST_RUNS,
        ),
    },
    optional={"block_id": string(255)},
)
