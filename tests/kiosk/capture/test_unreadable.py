"""Every reason why a file is no picture has a code of its own, and words for citizen and technician."""

import re
from pathlib import Path

import pytest

from config.sentences import LANGUAGES, SHIPPED
from kiosk.capture import pdf_child
from kiosk.capture.unreadable import Reason, Unreadable
from kiosk.words import Words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_words_for_every_reason(reason: Reason, language: str) -> None:
    words = Words.load(SHIPPED, language)
    code = Unreadable(reason).code
    assert re.fullmatch("F[0-9]{3}", code)
    assert words(f"errors.{code}.citizen")
    assert words(f"errors.{code}.hint")


def test_the_child_that_imports_nothing_of_the_kiosk_knows_the_same_codes() -> None:
    said = set(re.findall(r'"(F[0-9]{3})"', Path(pdf_child.__file__).read_text(encoding="utf-8")))
    assert said == {
        Reason.ENCRYPTED, Reason.ACTIVE, Reason.TOO_MANY_PAGES, Reason.TOO_COSTLY, Reason.TOO_LARGE, Reason.BROKEN
    }  # fmt: skip
