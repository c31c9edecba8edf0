"""A live platform on a free port, an operator, and enrolled terminals."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.serve import LiveServer
from tests.backend.sealing_terminal import SealedCase, SealingTerminal, draft_case


@pytest.fixture
def clock() -> ManualClock:
    """The platform's time: 09:41 of 21 November 2026 in China."""
    return ManualClock()


@pytest.fixture
def journal() -> io.StringIO:
    """What the platform notes."""
    return io.StringIO()


@pytest.fixture
def server(tmp_path: Path, clock: ManualClock, journal: io.StringIO) -> Iterator[LiveServer]:
    with LiveServer(tmp_path / "platform", clock=clock, journal=journal) as live:
        yield live


@pytest.fixture
def operator(server: LiveServer) -> Iterator[SealingTerminal]:
    """Whoever holds the operator's token."""
    with closing(SealingTerminal(server.url, server.operator_token)) as caller:
        yield caller


@pytest.fixture
def new_terminal(server: LiveServer, operator: SealingTerminal) -> Iterator[Callable[[], SealingTerminal]]:
    """Makes enrolled terminals."""
    with ExitStack() as stack:

        def make() -> SealingTerminal:
            caller = stack.enter_context(closing(SealingTerminal(server.url)))
            answer = caller.enrol(operator.ask("POST", "/v1/operator/codes").json()["code"])
            assert answer.status_code == 200
            return caller

        yield make


@pytest.fixture
def terminal(new_terminal: Callable[[], SealingTerminal]) -> SealingTerminal:
    """One enrolled terminal."""
    return new_terminal()


@pytest.fixture
def sent_case(terminal: SealingTerminal) -> SealedCase:
    """A good case whose parts are all sent, not handed in yet."""
    case = draft_case().seal(terminal.recipients)
    terminal.send_all(case)
    return case


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One platform for all tests of a file that only hear refusals: starting and stopping one takes a while."""
    with LiveServer(tmp_path_factory.mktemp("shared"), clock=ManualClock(), journal=io.StringIO()) as live:
        yield live


@pytest.fixture(scope="module")
def shared_operator(shared_server: LiveServer) -> Iterator[SealingTerminal]:
    """The operator of the shared platform."""
    with closing(SealingTerminal(shared_server.url, shared_server.operator_token)) as caller:
        yield caller


@pytest.fixture(scope="module")
def guest(shared_server: LiveServer, shared_operator: SealingTerminal) -> Iterator[SealingTerminal]:
    """A terminal of the shared platform."""
    with closing(SealingTerminal(shared_server.url)) as caller:
        assert caller.enrol(shared_operator.ask("POST", "/v1/operator/codes").json()["code"]).ok
        yield caller
