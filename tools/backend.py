"""`backend serve`."""

import argparse

from backend.serve import serve


def run(asked: argparse.Namespace) -> int:
    """Serve until interrupted."""
    serve(asked.host, asked.port, asked.data)
    return 0
