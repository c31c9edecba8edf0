"""The page of all terminals: plain HTML, renewed by itself, with nothing but what the heartbeats told, and bundles."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from backend.bundles import BundleRow
from backend.clock import CHINA
from backend.heartbeats import Standing
from backend.words import Said, sentences_of

#: No script, nothing from anywhere else.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_RENEW_S = 60
_STYLE = (
    "body{font:16px/1.5 system-ui,'Noto Sans SC',sans-serif;margin:24px;color:#1c2733;background:#fff}"
    "h1{margin:0}small{color:#5b6b7a}table{border-collapse:collapse;width:100%;margin-top:16px}"
    "th,td{text-align:left;vertical-align:top;padding:8px 12px;border-top:1px solid #d5dde5}"
    "th{border-top:0}td small,th small{display:block}"
    ".alarm td:nth-child(2){color:#a40000;font-weight:bold}.fine td:nth-child(2){color:#14602a}"
    ".never td:nth-child(2),.none td:nth-child(2){color:#7a5a00}"
)
_COLUMNS = ("site", "state", "seen", "waiting", "oldest", "link", "version", "bundles")


def _sentences() -> dict[str, Said]:
    return sentences_of("board_words.toml")


def _lines(key: str, **facts: object) -> str:
    said = _sentences()[key]
    return f"{escape(said.chinese.format(**facts))}<small>{escape(said.english.format(**facts))}</small>"


def _alarm(told: str) -> str:
    name, _, about = told.partition(":")
    return _lines("oldest_case" if name == "oldest" else name, about=about)


def _state(standing: Standing) -> str:
    if standing.alarms:
        return "".join(f"<div>{_alarm(told)}</div>" for told in standing.alarms)
    return _lines(standing.state)


def _hours(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds / 3600:.1f} h"


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(CHINA):%m-%d %H:%M}"


def _bundle(row: BundleRow) -> str:
    """A link: the newest few of a terminal, as they came."""
    address = f"/terminals/{row.terminal_id}/bundles/{row.sha256}"
    size = f"{-(-row.bytes // 1024)} KB"
    return f'<div><a href="{escape(address)}">{_moment(row.received_at)} · {size}</a></div>'


def _row(standing: Standing, brought: Sequence[BundleRow]) -> str:
    said = standing.heartbeat
    cells = [
        f"{escape(standing.site)}<small>{escape(standing.terminal_id or '')}</small>",
        _state(standing),
        _moment(standing.seen_at),
        "" if said is None else str(said.queue.waiting),
        "" if said is None else _hours(said.queue.oldest_s),
        "" if said is None else escape(f"{said.link.state} {said.link.code}"),
        "" if said is None else escape(said.version),
        "".join(map(_bundle, brought)),
    ]
    return f'<tr class="{standing.state}">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def page(standings: list[Standing], now: datetime, brought: Sequence[BundleRow] = ()) -> str:
    """All sites as one table, as `board` ordered them. `brought`: support bundles, the newest first."""
    rows = (_row(each, [one for one in brought if one.terminal_id == each.terminal_id]) for each in standings)
    counts = {
        state: sum(each.state == state for each in standings) for state in ("alarm", "never", "none", "fine")
    }
    head = "".join(f"<th>{_lines(name)}</th>" for name in _COLUMNS)
    at = f"{now.astimezone(CHINA):%Y-%m-%d %H:%M}"
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="refresh" content="{_RENEW_S}">'
        f"<title>{escape(_sentences()['title'].chinese)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{_lines('title')}</h1><p>{_lines('counted', all=len(standings), **counts)}"
        f"<p>{_lines('made_at', at=at)}<table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></body></html>"
    )
