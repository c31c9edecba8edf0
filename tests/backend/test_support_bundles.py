"""Support bundles at the platform: signed like everything, limited, the newest few kept, shown to the operator."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
import requests
from requests import RequestException

from backend.bundles import MOST_BYTES, MOST_KEPT
from backend.serve import LiveServer
from ground.clock import RealClock
from offline_cache.errors import Refused
from offline_cache.platform import Platform
from tests.backend.sealing_terminal import SealingTerminal


def _zip(said: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("said.txt", said)
    return stream.getvalue()


def _bring(terminal: SealingTerminal, content: bytes, name: str = "") -> int:
    name = name or hashlib.sha256(content).hexdigest()
    return terminal.ask("PUT", f"/v1/terminal/bundles/{name}", data=content).status_code


def test_the_kiosks_own_client_brings_one_and_the_operator_fetches_it(
    terminal: SealingTerminal, operator: SealingTerminal
) -> None:
    content = _zip("once")
    token = terminal.session.headers["Authorization"].removeprefix("Bearer ")  # type: ignore[union-attr,arg-type]
    client = Platform(terminal.url, str(token), RealClock())
    try:
        client.put_bundle(content)
        client.put_bundle(content)
        with pytest.raises(Refused):
            client.put_bundle(b"no zip")
    finally:
        client.close()
    (row,) = operator.ask("GET", "/v1/operator/bundles").json()
    assert (row["terminal_id"], row["bytes"]) == (terminal.terminal_id, len(content))
    path = f"/v1/operator/bundles/{row['terminal_id']}/{row['sha256']}"
    answer = operator.ask("GET", path)
    assert (answer.content, answer.headers["Cache-Control"]) == (content, "no-store")
    assert terminal.ask("GET", path).status_code == 401
    assert terminal.ask("GET", "/v1/operator/bundles").status_code == 401


def test_it_stands_on_the_page_of_all_terminals(server: LiveServer, operator: SealingTerminal) -> None:
    with closing(SealingTerminal(server.url)) as caller:
        code = operator.ask("POST", "/v1/operator/codes").json()["code"]
        assert caller.enrol(code, "岳口镇").status_code == 200
        content = _zip("for the board")
        assert _bring(caller, content) == 201
        asked = {"auth": ("operator", server.operator_token), "timeout": 30}
        shown = requests.get(f"{server.url}/terminals", **asked).text
        (address,) = re.findall(rf'href="(/terminals/{caller.terminal_id}/bundles/[0-9a-f]{{64}})"', shown)
        assert requests.get(f"{server.url}{address}", **asked).content == content
        assert requests.get(f"{server.url}{address}", timeout=30).status_code == 401


def test_what_is_too_large_or_another_is_refused_and_nothing_is_kept(
    terminal: SealingTerminal, operator: SealingTerminal
) -> None:
    assert _bring(terminal, _zip("a"), "0" * 64) == 422
    with suppress(RequestException):  # the platform may say no and hang up while it is still being sent
        assert _bring(terminal, b"PK\x03\x04" + bytes(MOST_BYTES)) == 413
    assert _bring(terminal, _zip("a"), "..%2f..%2fx") in (404, 422)
    assert operator.ask("GET", "/v1/operator/bundles").json() == []
    assert operator.ask("GET", f"/v1/operator/bundles/..%2f..%2fkeys/{'0' * 64}").status_code in (404, 422)


def test_larger_than_a_case_is_fine_and_the_newest_few_stay(
    new_terminal: Callable[[], SealingTerminal], operator: SealingTerminal, tmp_path: Path
) -> None:
    one, other = new_terminal(), new_terminal()
    assert _bring(other, _zip("x" * 1_000_000)) == 201
    for number in range(MOST_KEPT + 2):
        assert _bring(one, _zip(str(number))) == 201
    rows = operator.ask("GET", "/v1/operator/bundles").json()
    assert [row["terminal_id"] for row in rows].count(one.terminal_id) == MOST_KEPT
    assert rows[0]["sha256"] == hashlib.sha256(_zip(str(MOST_KEPT + 1))).hexdigest()
    assert other.terminal_id in {row["terminal_id"] for row in rows}
    assert not list((tmp_path / "platform" / "bundles").rglob("*.new"))
