"""`config check|show|schema`."""

import argparse

from config.load import check, schema
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
    return BAD_INPUT if mistakes else 0
