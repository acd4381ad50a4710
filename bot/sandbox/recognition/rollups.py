"""Everyday words that ImageNet has no class for, each as the classes it takes together.

A word's value is the sum of its classes' probabilities: whether a dog is a beagle or a basset may stay open, that it
is a dog is then still sure. The numbers are ImageNet's 0-based class indexes, ranges include both ends. Only whole
things count (a car, not its wheel), so that a word never promises more than its classes show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TABLE: Mapping[str, str] = {
    "animal": "0-397",
    "mammal": "101-106 147-299 330-388",
    "dog": "151-268",
    "cat": "281-285",
    "big cat": "286-293",
    "bear": "294-297",
    "rabbit": "330-332",
    "horse": "339",
    "sheep": "348-349",
    "monkey": "370-382",
    "elephant": "101 385-386",
    "bird": "7-24 80-100 127-146",
    "fish": "0-6 389-397",
    "reptile": "33-68",
    "turtle": "33-37",
    "snake": "52-68",
    "frog": "30-32",
    "spider": "72-77",
    "insect": "300-326",
    "butterfly": "321-326",
    "vehicle": (
        "403-405 407-408 436 444 466 468 472 484 510-511 547 554-555 561 565 569 573 575-576 586 595 603 609 612 625 "
        "627-628 654 656 661 665 670-671 675 690 705 717 724 734 751 757 779-780 802-803 812 814 817 820 829 833 847 "
        "864 866-867 870-871 874 880 895 914"
    ),
    "car": "436 468 511 609 627 656 661 751 817",
    "truck": "555 569 675 717 864 867",
    "bus": "654 779 874",
    "train": "466 547 565 705 820",
    "bicycle": "444 671",
    "motorcycle": "665 670",
    "boat": "472 484 554 576 625 814 871 914",
    "ship": "403 510 628 724 780",
    "airplane": "404 895",
    "rocket": "657 744 812",
    "food": "924-957 959-967 969 987",
    "fruit": "948-957",
    "vegetable": "936-946 987",
    "bread": "930-932",
    "dessert": "927-929",
    "drink": "966-967 969",
    "coffee": "505 550 967",
    "cup": "504 968",
    "flower": "984-986",
    "fungus": "947 991-997",
    "building": "425 437 442 449 483 497 580 663 668 698 727 743 832 900 915",
    "bridge": "821 839 888",
    "landscape": "970 972 974-980",
    "furniture": "423 431 453 493 495 516 520 526 532 548 553 559 564 648 703 765 831 857 894",
    "computer": "527 590 620 681",
    "phone": "487 528 707",
    "ball": "429-430 522 574 722 768 805 852 890",
    "clothing": (
        "399-400 411 445 459 474 501 568 578 601 608 610 614 617 638-639 652 655 689 697 735 775 834 841-842 869 887"
    ),
    "shoe": "502 514 630 770 774",
    "hat": "439 452 515 667 808",
    "musical instrument": (
        "401-402 420 432 486 513 541 546 558 566 579 593-594 641-642 683-684 687 699 776 822 875 881 889"
    ),
}


def _classes(text: str) -> Iterator[int]:
    for part in text.split():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


ROLLUPS: Mapping[str, tuple[int, ...]] = {word: tuple(_classes(text)) for word, text in _TABLE.items()}
