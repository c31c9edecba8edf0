"""Where verbs write: results to stdout, words for people beside them to stderr. With --json stdout is JSON alone."""

import json
import sys
from typing import Any


def say(text: str) -> None:
    """One line of a result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """One line about what is wrong."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def say_json(value: Any) -> None:
    """The result as one JSON document."""
    say(json.dumps(value, ensure_ascii=False))
