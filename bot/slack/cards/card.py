"""The card of one picture: the picture, what is asked about it, who answered what, and the buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.reviews import ReviewKind, ReviewState, Verdict
from bot.slack.cards.message import (
    FILE_ID,
    LONGEST_TEXT,
    Message,
    actions,
    button,
    context,
    paragraphs,
    picture,
    section,
)
from bot.slack.cards.questions import LONGEST_IDS, NAME, Question, button_rows, questions
from bot.slack.text import link, mention, moment, mrkdwn, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.views import CardReview, CardView, SecondLookView
    from bot.slack.cards.message import Block

_BETWEEN = " \u00b7 "
_LONGEST_QUESTION = 2500  # characters of concept names in the question; the rest is counted


def card(view: CardView) -> Message:
    """Draw a card. Values and routes appear per concept and only once its verdict is there.

    A few concepts have buttons of their own; *all* means those that the card names, and the session opens the rest.
    """
    asked = questions(view.open_reviews)
    named = _named(asked)
    blocks = [*picture_of(view), section(_heading(view, asked, named))]
    blocks += paragraphs([_verdict(r) for r in view.reviews if r.verdict is not None], most=2)
    blocks += paragraphs([_accepted(r) for r in view.reviews if r.state is ReviewState.UNCHECKED], most=1)
    blocks += paragraphs([doubt(q) for q in asked if q.doubted_by], most=1)
    blocks += button_rows(asked, named, view.input_id, view.name, only=len(questions(view.reviews)) == 1)
    if view.closed_reason:
        blocks.append(section(f"Closed: {mrkdwn(view.closed_reason)}"))
    if view.write_problem:
        blocks.append(section(f"The answers are saved. Not in Clarifai yet: {mrkdwn(view.write_problem)}"))
    if not asked and any(r.state in {ReviewState.DECIDED, ReviewState.SETTLED} for r in view.reviews):
        blocks.append(actions([button("Undo", "undo", view.input_id, full_name=f"Undo my answers on {view.name}")]))
    if view.permalink:
        blocks.append(context(link(view.permalink, "The message this picture came with")))
    return Message(_summary(view, asked), blocks)


def picture_of(view: CardView | SecondLookView) -> list[Block]:
    """Return the picture with its name as alternative text; nothing where Slack cannot show it."""
    name = plain(view.name, 200, otherwise="a picture")
    if not FILE_ID.fullmatch(view.file_id):
        return []
    return [picture(view.file_id, f"{name}, uploaded by {view.uploaded_by}" if view.uploaded_by else name)]


def heading(view: CardView | SecondLookView) -> str:
    """Say which picture this is, and that Slack cannot show it where that is so."""
    name = f"*{mrkdwn(view.name, 200, otherwise='a picture')}*"
    return name if FILE_ID.fullmatch(view.file_id) else f"{name}\nSlack cannot show this picture."


def _heading(view: CardView, asked: Sequence[Question], named: Sequence[Question]) -> str:
    if not asked:
        return heading(view)
    if len(asked) == 1:
        return f"{heading(view)}\nDoes *{mrkdwn(asked[0].concept, NAME)}* fit this picture?"
    names = [mrkdwn(q.concept, NAME) for q in named]
    if len(named) < len(asked):
        names.append(f"and {len(asked) - len(named)} more")
    return f"{heading(view)}\nWhich of these fit this picture? {_BETWEEN.join(names)}"


def _named(asked: Sequence[Question]) -> Sequence[Question]:
    """Return the concepts that the question has room to name and a button to carry; the rest is counted."""
    words, ids = _LONGEST_QUESTION, LONGEST_IDS
    for count, question in enumerate(asked):
        words -= len(mrkdwn(question.concept, NAME)) + len(_BETWEEN)
        ids -= sum(len(str(i)) + 1 for i in question.ids)
        if min(words, ids) < 0:
            return asked[: max(count, 1)]
    return asked


def _verdict(review: CardReview) -> str:
    """Say for example "man: approved by <@U…>, 3 May 14:03 · model said 0.36"."""
    when = f", {moment(review.decided_at)}" if review.decided_at else ""
    by = mention(review.decided_by)
    name = mrkdwn(review.concept, NAME)
    if review.verdict is Verdict.UNSURE:
        doubters = f"{mention(review.doubted_by)} and {by}" if review.doubted_by else by
        return f"{name}: set aside, {doubters} were not sure{when} \u00b7 {_model_said(review)}"
    if review.first_by:
        both = f"rejected by {mention(review.first_by)}, approved by {by} at the second look"
        return f"{name}: {both}{when} \u00b7 {_model_said(review)}"
    answer = "approved" if review.verdict is Verdict.APPROVE else "rejected"
    return f"{name}: {answer} by {by}{when} \u00b7 {_model_said(review)}"


def _accepted(review: CardReview) -> str:
    """Say what became of a question that a lowered threshold answered."""
    return f"{mrkdwn(review.concept, NAME)}: accepted since the threshold was lowered \u00b7 {_value_said(review)}"


def _value_said(review: CardReview) -> str:
    """Give the model's value to two places, to more where two would put it on the other side of the cut."""
    places = next((n for n in (2, 4, 6) if _same_side(review, round(review.value, n))), 8)
    return f"model said {review.value:.{places}f}"


def _model_said(review: CardReview) -> str:
    more = {ReviewKind.CHECK: " and had labelled it by itself", ReviewKind.PROBE: ", which is below the floor"}
    return _value_said(review) + more.get(review.kind, "")


def _same_side(review: CardReview, shown: float) -> bool:
    return (shown >= review.accept) == (review.value >= review.accept)


def doubt(question: Question) -> str:
    """Say who was not sure first."""
    return f"{mrkdwn(question.concept, NAME)}: {mention(question.doubted_by)} was not sure"


def _summary(view: CardView, asked: Sequence[Question]) -> str:
    """Return the text of notifications: "people, man on cat.png: needs review"."""
    if asked:
        return mrkdwn(f"{', '.join(q.concept for q in asked[:5])} on {view.name}: needs review", LONGEST_TEXT)
    if view.closed_reason:
        return mrkdwn(f"{view.name}: closed, {view.closed_reason}", LONGEST_TEXT)
    return mrkdwn(f"{view.name}: reviewed", LONGEST_TEXT)
