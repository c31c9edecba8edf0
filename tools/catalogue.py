"""`catalogue check|list`."""

import argparse

from ground.clock import RealClock
from kiosk.catalogue.check import check_catalogue
from kiosk.catalogue.load import load_catalogue
from kiosk.journey.show import CHINA
from tools.downloads import CATALOGUE
from tools.out import complain, say, say_json
from tools.settings import BAD_INPUT


def run(asked: argparse.Namespace) -> int:
    """One of the two."""
    if asked.what == "check":
        report = check_catalogue(CATALOGUE)
        for mistake in (*report.mistakes, *report.warnings):
            complain(mistake.said())
        return BAD_INPUT if report.mistakes else 0
    today = RealClock().now().astimezone(CHINA).date()
    rows = [
        {"code": m.code, "name": m.name, "aliases": list(m.aliases), "lead": m.lead, "complete": m.complete}
        for m in load_catalogue(CATALOGUE, today).matters
    ]
    if asked.json:
        say_json(rows)
    else:
        for row in rows:
            say(f"{row['code']:5}{'可办' if row['complete'] else '告知'}  {row['name']}  {row['lead']}")
    return 0
