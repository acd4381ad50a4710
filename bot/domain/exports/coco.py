"""COCO, as far as it knows labels of whole pictures.

COCO is a format of boxes in pixels. A label of a whole picture is a box around all of it. The bot keeps no sizes of
pictures: each image says width 1 and height 1, and boxes are in shares of these, so that the file agrees with itself
and only pixels need the real size. COCO has no place for "no" and "nobody knows": these stand in `neg_category_ids`, as
in LVIS, and `unknown_category_ids`. Everything else of a line is in `attributes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.exports.labels import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.domain.exports.labels import LabelLine, Picture, Region

Json = dict[str, Any]

_OF_THE_IMAGE = frozenset({"sha256", "permalink", "input_id", "file_name", "split", "concept", "label"})


def categories(concepts: Sequence[tuple[str, str]]) -> list[Json]:
    """Number the concepts, given as (id, name), from 1 on."""
    return [
        {"id": number, "name": name, "supercategory": "", "concept_id": concept_id}
        for number, (concept_id, name) in enumerate(concepts, start=1)
    ]


def image(number: int, picture: Picture, ids: Mapping[str, int]) -> Json:
    """Describe one picture; `ids` are those of the categories by concept id."""
    line = picture.pairs[0].line
    return {
        "id": number,
        "file_name": picture.file_name,
        "width": 1,
        "height": 1,
        "input_id": picture.input_id,
        "sha256": line.sha256,
        "permalink": line.permalink,
        "split": picture.split,
        "neg_category_ids": [ids[p.concept_id] for p in picture.pairs if p.standing is Standing.WRONG],
        "unknown_category_ids": [ids[p.concept_id] for p in picture.pairs if p.line.label is None],
    }


def boxes(number: int, picture: Picture, ids: Mapping[str, int], first: int) -> Iterator[Json]:
    """Yield one annotation per right label, or per region where the label is about regions, numbered from `first`."""
    right = ((pair.concept_id, line, region) for pair in picture.pairs for line, region in pair.right)
    for own, (concept_id, line, region) in enumerate(right, start=first):
        box = _box(region)
        yield {
            "id": own,
            "image_id": number,
            "category_id": ids[concept_id],
            "bbox": box,
            "area": round(box[2] * box[3], 6),
            "segmentation": [],
            "iscrowd": 0,
            "attributes": _attributes(line),
        }


def _box(region: Region | None) -> list[float]:
    """Return [left, top, width, height] in shares of the picture."""
    if region is None:
        return [0.0, 0.0, 1.0, 1.0]
    top, left, bottom, right = region
    return [round(share, 6) for share in (left, top, right - left, bottom - top)]


def _attributes(line: LabelLine) -> Json:
    return {name: value for name, value in line._asdict().items() if name not in _OF_THE_IMAGE}
