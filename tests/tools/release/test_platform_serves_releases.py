"""The reference platform serves a repository of releases, in pieces where a line was cut."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import requests

from backend.serve import LiveServer
from tests.tools.release.publishing import Publisher
from tools.release.trusted import Trusted


def test_a_terminal_fetches_from_the_platform(
    tmp_path: Path, published: Publisher, terminal: Callable[..., Trusted]
) -> None:
    server = LiveServer(tmp_path / "platform", journal=io.StringIO()).start()
    try:
        address = f"{server.url}/releases"
        assert requests.get(f"{address}/metadata/timestamp.json", timeout=30).status_code == 404
        shutil.copytree(published.folder, tmp_path / "platform/releases", dirs_exist_ok=True)
        asked = terminal(address)
        place = asked.package(asked.offer("stable"), tmp_path / "release.deb")
        package = next((published.folder / "targets/releases").glob("*.deb"))
        assert place.read_bytes() == package.read_bytes()
        url = f"{address}/targets/releases/{package.name}"
        rest = requests.get(url, headers={"Range": "bytes=199990-"}, timeout=30)
        assert (rest.status_code, rest.content) == (206, package.read_bytes()[199_990:])
        for astray in ("/releases/..%2fkeys%2foperator.token", "/releases/%2e%2e/keys/operator.token"):
            assert requests.get(f"{server.url}{astray}", timeout=30).status_code == 404
    finally:
        server.stop()
