"""`release …`."""

import argparse

from kiosk.words import Words
from tools.assemble import WORDS
from tools.out import complain, say_json
from tools.release import publisher, terminal
from tools.release.errors import ReleaseError
from tools.settings import BAD_INPUT, settings

_PUBLISHER = ("keys", "publish", "refresh")


def run(asked: argparse.Namespace) -> int:
    """Exit code 1 and a code where it was refused, 2 where it could not be tried."""
    language = "zh-Hans"
    try:
        if asked.what in _PUBLISHER:
            return publisher.run(asked)
        config = settings(asked)
        if config is None:
            return BAD_INPUT
        language = config.language.first
        return terminal.run(asked, config)
    except ReleaseError as error:
        hint = Words.load(WORDS, language)(f"errors.{error.code}.hint")
        if getattr(asked, "json", False):
            say_json({"done": "refused", "code": error.code, "hint": hint, "why": str(error)})
        complain(f"{error.code} {error}")
        complain(hint)
        return 1
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}")
        return BAD_INPUT
