"""Whose certificate is believed, and what is said of one that is not."""

from contextlib import closing
from pathlib import Path

import pytest

from ground.clock import ManualClock, RealClock
from offline_cache.errors import CertificateExpired, Portal, Unreachable, Untrusted, UploadError, WrongName
from offline_cache.platform import Platform
from offline_cache.trust import Trust, pin_of
from tests.offline_cache.certificates import Authority, Healthy, showing

HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("authorities")


@pytest.fixture(scope="module")
def ours(folder: Path) -> Authority:
    return Authority(folder, "ours")


def ask(url: str, trust: Trust | None) -> str:
    with closing(Platform(url, "token", ManualClock(), trust=trust)) as platform:
        return platform.health().service


def refused(url: str, trust: Trust | None) -> UploadError:
    with pytest.raises(UploadError) as raised:
        ask(url, trust)
    return raised.value


def test_the_pinned_authority_is_believed(ours: Authority) -> None:
    file, _ = ours.issue(HOST)
    with showing(file) as url:
        assert ask(url, Trust(ca_file=ours.file)) == "joint-service"


def test_the_systems_authorities_are_not_the_citys(ours: Authority) -> None:
    file, _ = ours.issue(HOST)
    with showing(file) as url:
        error = refused(url, None)
    assert isinstance(error, Untrusted) and isinstance(error, Unreachable)
    assert (error.code, error.facts["why"]) == ("U109", "tls_issuer")


def test_another_authority_is_not_believed_whatever_the_environment_says(
    ours: Authority, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = Authority(folder, "theirs")
    file, _ = theirs.issue(HOST)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(theirs.file))
    with showing(file) as url:
        assert refused(url, Trust(ca_file=ours.file)).facts["why"] == "tls_issuer"


def test_another_hosts_certificate_is_a_portals(ours: Authority) -> None:
    file, _ = ours.issue("login.example")
    with showing(file) as url:
        error = refused(url, Trust(ca_file=ours.file))
    assert isinstance(error, WrongName) and isinstance(error, Portal)
    assert (error.code, error.facts["why"]) == ("U110", "tls_name")


@pytest.mark.parametrize(
    ("begins_days", "ends_days", "why"), [(-2.0, -1.0, "tls_expired"), (1.0, 2.0, "tls_not_yet")]
)
def test_a_certificate_out_of_its_time(
    ours: Authority, begins_days: float, ends_days: float, why: str
) -> None:
    file, _ = ours.issue(HOST, begins_days=begins_days, ends_days=ends_days)
    with showing(file) as url:
        error = refused(url, Trust(ca_file=ours.file))
    assert isinstance(error, CertificateExpired) and isinstance(error, Unreachable)
    assert (error.code, error.facts["why"]) == ("U108", why)


def test_a_pinned_key_is_believed_and_another_of_the_same_authority_is_not(ours: Authority) -> None:
    file, der = ours.issue(HOST)
    other, _ = ours.issue(HOST)
    trust = Trust(ca_file=ours.file, pins=("A" * 43 + "=", pin_of(der)))
    with showing(file) as url:
        assert ask(url, trust) == "joint-service"
    with showing(other) as url:
        error = refused(url, trust)
    assert (error.code, error.facts["why"]) == ("U109", "tls_pin")


def test_when_the_certificate_ends_is_known_for_the_heartbeat(ours: Authority) -> None:
    file, _ = ours.issue(HOST, ends_days=9)
    with (
        showing(file) as url,
        closing(Platform(url, None, ManualClock(), trust=Trust(ours.file))) as platform,
    ):
        assert platform.certificate_until is None
        platform.health()
        ends = platform.certificate_until
    assert ends is not None
    assert round((ends - RealClock().now()).total_seconds() / 86400, 2) == 9


def test_no_token_is_sent_to_a_key_that_is_not_pinned(ours: Authority) -> None:
    file, der = ours.issue(HOST)
    Healthy.heard.clear()
    with showing(file) as url:
        for _ in range(2):
            refused(url, Trust(ca_file=ours.file, pins=("A" * 43 + "=",)))
        assert Healthy.heard == []
        ask(url, Trust(ca_file=ours.file, pins=(pin_of(der),)))
    assert Healthy.heard == ["Bearer token"]


def test_an_authoritys_file_that_is_not_there_is_an_obstacle(ours: Authority, tmp_path: Path) -> None:
    file, _ = ours.issue(HOST)
    with showing(file) as url:
        error = refused(url, Trust(ca_file=tmp_path / "gone.pem"))
    assert isinstance(error, Unreachable)
