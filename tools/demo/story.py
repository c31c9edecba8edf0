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


def _pinyin(*words: str) -> tuple[str, ...]:
    """Each word's letters, then its first candidate."""
    return tuple(key for word in words for key in (*_keys(word), "candidate.0"))


_DONE = ("key.done",)

STORY = Story(
    situations={"applicant": "mainland", "errand": "first", "housing": "rented"},
    typed={
        "phone": (*_keys("19900000001"), *_DONE),
        "residence_address": (*_pinyin("tianmen", "yuekou", "jiedao"), *_DONE),
        "residence_since": (*_keys("20260301"), *_DONE),
        "residence_purpose": ("choice.work",),
    },
)
