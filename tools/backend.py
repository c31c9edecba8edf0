"""`backend serve`."""

import argparse

from pydantic import ValidationError

from backend.database import WrongFolder
from backend.platform import FolderTaken
from backend.serve import serve
from tools.out import complain, say
from tools.settings import BAD_INPUT


def run(asked: argparse.Namespace) -> int:
    """Serve until interrupted."""
    try:
        serve(asked.host, asked.port, asked.data, on_ready=lambda url: say(f"{url}/docs"))
    except OSError as error:
        complain(f"cannot serve at {asked.host}:{asked.port}: {error.strerror or error}")
        return BAD_INPUT
    except (FolderTaken, WrongFolder, ValidationError) as error:
        complain(str(error))
        return BAD_INPUT
    return 0
