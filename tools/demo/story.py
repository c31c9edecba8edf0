"""What the walking citizen of the demo chooses and types. She is invented, like her card."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """Answers to situations, and for each form field the keys that a finger touches."""

    situations: Mapping[str, str]
    typed: Mapping[str, tuple[str, ...]]


def _keys(text: str) -> tuple[str, ...]:
    return tuple(f"key.{sign}" for sign in text)


def _pinyin(word: str, candidate: int = 0) -> tuple[str, ...]:
    """A word's letters, then one of its candidates."""
    return (*_keys(word), f"candidate.{candidate}")


_DONE = ("key.done",)

STORY = Story(
    situations={"applicant": "mainland", "errand": "first", "housing": "rented"},
    typed={
        "phone": (*_keys("19900000001"), *_DONE),
        "residence_address": (
            "region.岳口镇",
            "key.pinyin",
            *_pinyin("jianshelu"),
            *_keys("8"),
            *_pinyin("hao", 1),
            *_DONE,
        ),
        "residence_since": ("date.year.2026", "date.month.3", "date.day.1", *_DONE),
        "residence_purpose": ("choice.work",),
    },
)
