"""`config check|show|schema`."""

import argparse
from pathlib import Path

from config.languages import LEADING, gaps, languages
from config.load import check, schema
from config.sentences import SHIPPED
from kiosk.words import Words
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT, settings


def run(asked: argparse.Namespace) -> int:
    """One of the three."""
    if asked.what == "schema":
        say_json(schema())
        return 0
    if asked.what == "show":
        config = settings(asked)
        if config is None:
            return BAD_INPUT
        say(config.model_dump_json(indent=2))
        return 0
    mistakes = check(asked.config, asked.profile)
    for mistake in mistakes:
        complain(mistake.said())
    for line in said_of_languages(SHIPPED):
        complain(line)
    return BAD_INPUT if mistakes else 0


def said_of_languages(folder: Path) -> list[str]:
    """What each language of `folder` lacks, key by key. No mistake: what it lacks is said in Chinese."""
    words, lines = Words.load(SHIPPED, LEADING), []
    for tag in languages(folder):
        found = gaps(folder, tag)
        for kind in ("lacking", "other_facts", "unknown"):
            lines += [
                words(f"language_check.{kind}", folder=f"config/words/{tag}", key=key)
                for key in getattr(found, kind)
            ]
    return lines
