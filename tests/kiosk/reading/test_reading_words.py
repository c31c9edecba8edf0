"""Everything that reading can say has its sentences in both languages."""

import pytest

from config.sentences import LANGUAGES, SHIPPED
from kiosk.journey.record import PROPOSED
from kiosk.reading import CODES, FIELDS, Warning
from kiosk.words import Words

BOTH = [Words.load(SHIPPED, language) for language in LANGUAGES]


@pytest.mark.parametrize("words", BOTH, ids=LANGUAGES)
def test_every_code_field_and_warning_has_words(words: Words) -> None:
    for code in CODES:
        assert words(f"errors.{code}.citizen")
        assert words(f"errors.{code}.hint")
    for name in {name for names in FIELDS.values() for name in names}:
        assert words(f"ocr.field.{name}")
    for warning in Warning:
        assert words(f"ocr.warning.{warning.value}")
    for asked in PROPOSED.values():
        assert words(asked)
    assert "租房合同" in words("ocr.belongs", name="租房合同")
