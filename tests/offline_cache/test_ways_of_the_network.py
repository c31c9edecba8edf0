"""Other networks than IPv4 with a straight line: IPv6 alone, a proxy that stands between, a proxy that is down."""

import socket
from pathlib import Path

import pytest

from offline_cache.items import LinkState
from tests.offline_cache.bench_terminal import BenchTerminal, a_case, assert_arrived
from tests.offline_cache.loopback_platform import LoopbackPlatform


def _own_address() -> str:
    """IPv6's loopback where the kernel has IPv6, else IPv4's."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return "::1"
    except OSError:
        return "127.0.0.1"


@pytest.fixture
def alone_on_ipv6(platform: LoopbackPlatform) -> LoopbackPlatform:
    """The platform, to be reached by IPv6 and by nothing else."""
    platform.down()
    platform.host = _own_address()
    platform.up()
    return platform


def test_a_case_arrives_where_there_is_only_ipv6(tmp_path: Path, alone_on_ipv6: LoopbackPlatform) -> None:
    terminal = BenchTerminal(tmp_path, alone_on_ipv6.url, alone_on_ipv6.recipient)
    case = a_case(size=150_000)
    handed_in = terminal.hand_in(case)
    terminal.drain()
    assert_arrived(alone_on_ipv6, case, handed_in)
    terminal.close()


def test_a_case_arrives_through_a_proxy(
    tmp_path: Path, platform: LoopbackPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is nobody's: only the proxy, which is asked by the whole address, can know where it leads."""
    monkeypatch.setenv("HTTP_PROXY", platform.url)
    monkeypatch.setenv("NO_PROXY", "")
    terminal = BenchTerminal(tmp_path, "http://platform.invalid", platform.recipient)
    case = a_case(size=150_000)
    handed_in = terminal.hand_in(case)
    terminal.drain()
    assert_arrived(platform, case, handed_in)
    terminal.close()


def test_a_proxy_that_is_down_is_called_that(
    tmp_path: Path, platform: LoopbackPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", platform.url)
    monkeypatch.setenv("NO_PROXY", "")
    platform.down()
    terminal = BenchTerminal(tmp_path, "http://platform.invalid", platform.recipient)
    terminal.hand_in()
    terminal.uploader.step()
    status = terminal.outbox.status()
    assert (status.waiting, status.link) == (1, LinkState.DOWN)
    assert status.last_error is not None and status.last_error.code == "U115"
    terminal.close()
