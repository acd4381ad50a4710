"""COCO as far as it goes: numbers that fit together, a box per right label, the rest beside it."""

from __future__ import annotations

from bot.domain.exports import picture_of
from bot.domain.exports.coco import boxes, categories, image
from tests.domain.exports.facts import BOX, answered, told

CONCEPTS = [("man", "man"), ("people", "people")]
IDS = {"man": 1, "people": 2}


def test_numbers_of_images_boxes_and_categories_fit_together() -> None:
    picture = picture_of([answered("approve", concept_id="man", concept="man"), answered("approve")], "general")
    assert [c["id"] for c in categories(CONCEPTS)] == [1, 2]
    found = list(boxes(7, picture, IDS, 40))
    assert [(b["id"], b["image_id"], b["category_id"]) for b in found] == [(40, 7, 1), (41, 7, 2)]
    assert image(7, picture, IDS)["id"] == 7


def test_a_label_of_the_whole_picture_is_a_box_around_it_and_a_region_its_own() -> None:
    picture = picture_of([answered("approve"), answered("approve", region=BOX, value=0.7)], "general")
    whole, region = boxes(1, picture, IDS, 1)
    assert (whole["bbox"], whole["area"], whole["iscrowd"]) == ([0.0, 0.0, 1.0, 1.0], 1.0, 0)
    assert (region["bbox"], region["area"]) == ([0.2, 0.1, 0.4, 0.4], 0.16)
    assert (whole["attributes"]["model_value"], region["attributes"]["model_value"]) == (0.5, 0.7)


def test_no_and_nobody_knows_stand_with_the_image() -> None:
    picture = picture_of([answered("reject", concept_id="man", concept="man"), told()], "general")
    assert list(boxes(1, picture, IDS, 1)) == []
    made = image(1, picture, IDS)
    assert (made["neg_category_ids"], made["unknown_category_ids"]) == ([1], [2])
    assert (made["width"], made["height"], made["file_name"]) == (1, 1, "cat.png")
