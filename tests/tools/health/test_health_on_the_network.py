"""The health page over real HTTP: who sees it, who does not, and what it never says."""

import functools
import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests

from config.load import ConfigError, load_config
from config.schema import TerminalConfig
from ground.clock import ManualClock
from ground.logbook import Event, MemoryLogbook
from kiosk.care.tree import Tree
from kiosk.tending import people
from kiosk.tending.roles import Role
from kiosk.tending.tries import FIRST_S, FREE
from tests.tools.small_terminal import write_settings
from tools.cli import main
from tools.health import certificate
from tools.health.near import NotLocal, Place, is_near, place
from tools.health.server import HealthServer
from tools.health.sessions import IDLE_S, WHOLE_S, Sessions
from tools.health.verb import serving
from tools.logs import open_logbook

PIN, WRONG = "204817", "999112"
FORM = "application/x-www-form-urlencoded"


@functools.cache
def _three() -> people.People:
    """One of each role. Made once: a PIN's hash is meant to take its time."""
    known = people.People("00" * 32, {})
    for person, role in (("07", Role.TECHNICIAN), ("08", Role.AUDITOR), ("09", Role.STAFF)):
        known = people.with_pin(known, person, role, PIN)
    return known


class Site:
    """A terminal whose health page is served on this machine."""

    def __init__(self, folder: Path, more: str = "") -> None:
        (folder / "data").mkdir(parents=True)
        self.file = write_settings(folder / "terminal.toml", folder / "data")
        self.file.write_text(self.file.read_text(encoding="utf-8") + more, encoding="utf-8")
        self.config: TerminalConfig = load_config(self.file, None, {})
        self.clock, self.logbook, self.tree = ManualClock(), MemoryLogbook(), Tree(folder / "machine")
        people.save(folder / "data" / people.FOLDER, _three())

    @contextmanager
    def served(self, where: Place | None = None) -> Iterator[HealthServer]:
        """On a free port; `Host` is that of the address that was bound."""
        with serving(
            self.config, where or Place("127.0.0.1", 0), self.clock, self.logbook, self.tree
        ) as server:
            server.desk.where = Place(server.desk.where.host, server.server_port)
            thread = threading.Thread(target=server.serve_forever, args=(0.02,))
            thread.start()
            try:
                yield server
            finally:
                server.shutdown()
                thread.join()

    def said(self, event: Event) -> list[dict[str, object]]:
        return [dict(facts) for told, facts in self.logbook.lines if told is event]


class Browser:
    """Follows no redirect by itself."""

    def __init__(self, server: HealthServer, verify: str | bool = True) -> None:
        self.url, self.session = server.desk.origin, requests.Session()
        self.session.verify, self.session.trust_env = verify, False

    def ask(self, method: str, path: str, **more: object) -> requests.Response:
        return self.session.request(method, self.url + path, timeout=30, allow_redirects=False, **more)  # type: ignore[arg-type]

    def enter(self, person: str = "07", pin: str = PIN, **more: object) -> requests.Response:
        return self.ask("POST", "/login", data={"person": person, "pin": pin}, **more)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def server(site: Site) -> Iterator[HealthServer]:
    with site.served() as one:
        yield one


@pytest.fixture
def browser(server: HealthServer) -> Iterator[Browser]:
    one = Browser(server)
    yield one
    one.session.close()


def test_who_is_not_logged_in_sees_the_form_and_nothing_else(browser: Browser) -> None:
    answer = browser.ask("GET", "/")
    assert (answer.status_code, answer.headers["Location"], answer.text) == (303, "/login", "")
    page = browser.ask("GET", "/login").text
    assert 'name="pin" type="password"' in page
    assert "TM-9" not in page
    forged = browser.ask("GET", "/", headers={"Cookie": "health=" + "A" * 43})
    assert forged.status_code == 303


def test_a_technician_and_an_auditor_see_the_checks_in_their_language(site: Site, browser: Browser) -> None:
    answer = browser.enter()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", f"Max-Age={int(IDLE_S)}", "Path=/"))
    page = browser.ask("GET", "/").text
    assert '<html lang="zh-Hans">' in page and "TM-9" in page and "退出" in page
    assert page.count("<tr ") > 10
    english = browser.ask("GET", "/", headers={"Accept-Language": "en-GB,zh;q=0.5"}).text
    assert '<html lang="en">' in english and "Log out" in english
    assert site.said(Event.TENDING_ENTERED) == [{"way": "lan", "person": "07", "role": "technician"}]
    assert browser.ask("POST", "/logout").status_code == 303
    assert browser.ask("GET", "/").status_code == 303
    assert site.said(Event.TENDING_LEFT) == [{"outcome": "left", "person": "07", "role": "technician"}]
    assert browser.enter("08").status_code == 303


def test_the_zones_staff_are_not_let_in(site: Site, browser: Browser) -> None:
    answer = browser.enter("09")
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (401, False)
    assert site.said(Event.TENDING_REFUSED)[-1]["why"] == "role"


def test_guesses_are_counted_on_the_disk_and_wait_longer_and_longer(site: Site, browser: Browser) -> None:
    for _ in range(FREE - 1):
        assert browser.enter(pin=WRONG).status_code == 401
    answer = browser.enter(pin=WRONG)
    assert (answer.status_code, int(answer.headers["Retry-After"])) == (429, FIRST_S)
    assert browser.enter().status_code == 429  # also with the right one
    with site.served() as again:
        other = Browser(again)
        assert other.enter().status_code == 429
        other.session.close()
    site.clock.turn(FIRST_S + 1)
    assert browser.enter().status_code == 303
    assert not (
        site.config.storage.data_folder / "tending" / "tries.json"
    ).exists()  # the glass is not locked
    assert [told["way"] for told in site.said(Event.TENDING_REFUSED)] == ["lan"] * FREE


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:{port}", "[::1]:{port}", ""])
def test_another_name_for_this_address_is_refused(server: HealthServer, browser: Browser, host: str) -> None:
    answer = browser.ask("GET", "/login", headers={"Host": host.format(port=server.server_port)})
    assert (answer.status_code, "<" in answer.text) == (421, False)


def test_a_form_on_another_page_cannot_log_in(browser: Browser) -> None:
    assert browser.enter(headers={"Origin": "https://evil.example"}).status_code == 403
    assert browser.enter(headers={"Origin": browser.url}).status_code == 303


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/", 405), ("POST", "/style.css", 405), ("PUT", "/", 405), ("DELETE", "/login", 405),
        ("OPTIONS", "/", 405), ("GET", "/../terminal.toml", 404), ("GET", "/login?x=1", 404), ("TRACE", "/", 405),
    ],
)  # fmt: skip
def test_nothing_else_is_answered(browser: Browser, method: str, path: str, status: int) -> None:
    request = requests.Request(method, browser.url).prepare()
    request.url = browser.url + path
    with requests.Session() as session:
        session.trust_env = False
        assert session.send(request, timeout=30, allow_redirects=False).status_code == status


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"x" * 5000, FORM),
        (b"person=07", "text/plain"),
        ("person=王&pin=1".encode(), FORM),
        (b"a&b&c&d&e&f", FORM),
    ],
)
def test_what_is_no_form_is_refused(site: Site, browser: Browser, body: bytes, kind: str) -> None:
    answer = browser.ask("POST", "/login", data=body, headers={"Content-Type": kind})
    assert answer.status_code in (400, 401)
    assert site.said(Event.TENDING_ENTERED) == []


@pytest.mark.parametrize("path", ["/", "/login", "/style.css", "/nowhere"])
def test_every_answer_bears_the_headers(browser: Browser, path: str) -> None:
    headers = browser.ask("GET", path).headers
    policy = headers["Content-Security-Policy"]
    assert (
        "default-src 'none'" in policy and "script-src" not in policy and "frame-ancestors 'none'" in policy
    )
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert "Python" not in headers["Server"]


def test_no_page_has_a_script_or_a_style_of_its_own(browser: Browser) -> None:
    browser.enter()
    for page in (browser.ask("GET", "/").text, browser.ask("GET", "/login").text):
        assert not any(
            word in page.lower() for word in ("<script", "javascript:", " onclick", "<style", " style=")
        )


def test_nobody_from_elsewhere_is_heard(server: HealthServer) -> None:
    assert server.verify_request(None, ("192.168.3.4", 5))
    assert not server.verify_request(None, ("203.0.113.9", 5))
    assert not server.verify_request(None, ("::ffff:8.8.8.8", 5, 0, 0))
    assert not server.verify_request(None, ("2001:db8::1", 5, 0, 0))


@pytest.mark.parametrize("address", ["10.1.2.3", "172.31.0.1", "192.168.0.9", "169.254.1.1", "fd00::1", "fe80::1%eth0",
                                     "::1", "127.0.0.1", "::ffff:10.0.0.1"])  # fmt: skip
def test_near(address: str) -> None:
    assert is_near(address)


@pytest.mark.parametrize("text", ["0.0.0.0", "::", "8.8.8.8:443", "172.32.0.1", "100.64.0.1", "[2001:db8::1]:8443", "",
                                  "fe80::1%eth0", "kiosk.local", "10.0.0.1:99999", "224.0.0.1"])  # fmt: skip
def test_nobody_listens_there(text: str) -> None:
    with pytest.raises(NotLocal):
        place(text)


def test_how_an_address_is_written() -> None:
    assert place("192.168.1.20") == Place("192.168.1.20", 8443)
    assert place("[fd00::1]:9000").authority == "[fd00::1]:9000"
    assert place("fd00::1") == Place("fd00::1", 8443)


def test_a_session_ends_by_itself() -> None:
    clock = ManualClock()
    sessions = Sessions(clock)
    token = sessions.begin("07", Role.TECHNICIAN)
    clock.turn(IDLE_S - 1)
    assert sessions.of(token) is not None
    clock.turn(IDLE_S + 1)
    assert sessions.of(token) is None
    busy = sessions.begin("07", Role.TECHNICIAN)
    for _ in range(int(WHOLE_S // 300) - 1):
        clock.turn(300)
        assert sessions.of(busy) is not None
    clock.turn(301)
    assert sessions.of(busy) is None


def test_what_was_written_to_the_log_reaches_no_page(tmp_path: Path) -> None:
    site = Site(tmp_path, '[devices.id_card]\ndriver = "sdt"\nurl = "/dev/serial/by-id/x"\n')
    logbook = open_logbook(site.config, site.clock, "face")
    logbook.write(
        Event.DEVICE_FAILED, device="id_card", code="D101", said="Wang Xiaoming <b>", url="13800138000"
    )
    logbook.close()
    with site.served() as server:
        browser = Browser(server)
        browser.enter()
        page = browser.ask("GET", "/").text
        browser.session.close()
    assert "D101" in page
    assert not any(word in page for word in ("Wang", "Xiaoming", "13800138000", "<b>"))


def test_on_a_network_it_is_tls_with_a_certificate_whose_fingerprint_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site(tmp_path, '[health_view]\nlisten = "192.168.1.20"\n')
    pem, key = certificate.ready(site.config, Place("192.168.1.20", 8443), site.clock)
    first = certificate.fingerprint(pem)
    assert len(first) == 95 and key.stat().st_mode & 0o077 == 0
    assert (
        certificate.ready(site.config, Place("192.168.1.20", 9000), site.clock)
        and certificate.fingerprint(pem) == first
    )
    main(
        ["doctor", "--services", "--json", "--config", str(site.file), "--machine", str(tmp_path / "machine")]
    )
    assert first in capsys.readouterr().out


def test_over_tls_the_cookie_is_bound_to_this_place(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    maker = Site(folder)
    maker.clock = ManualClock()
    pem, key = certificate.ready(maker.config, Place("127.0.0.1", 0), maker.clock)
    site = Site(tmp_path / "site", f'[health_view]\ncertificate = "{pem}"\nkey = "{key}"\n')
    with site.served() as server:
        context = ssl.create_default_context(cafile=str(pem))
        line = http.client.HTTPSConnection("127.0.0.1", server.server_port, context=context, timeout=30)
        headers = {"Content-Type": FORM}
        line.request("POST", "/login", urlencode({"person": "07", "pin": PIN}), headers)
        answer = line.getresponse()
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-health=") and "; Secure" in cookie
        assert answer.headers["Strict-Transport-Security"]
        line.close()
        plain = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
        with pytest.raises((http.client.HTTPException, OSError)):
            plain.request("GET", "/login")
            plain.getresponse()
        plain.close()


def test_it_is_off_unless_somebody_says_where(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["health", "--config", str(site.file)]) == 2
    assert "listen" in capsys.readouterr().err
    assert main(["health", "--listen", "0.0.0.0", "--config", str(site.file)]) == 2
    assert "0.0.0.0" in capsys.readouterr().err


def test_a_certificate_without_its_key_is_a_mistake(site: Site) -> None:
    site.file.write_text(
        site.file.read_text(encoding="utf-8") + '[health_view]\ncertificate = "/x.pem"\n', "utf-8"
    )
    with pytest.raises(ConfigError):
        load_config(site.file, None, {})
