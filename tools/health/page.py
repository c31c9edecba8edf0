"""The pages as HTML: no script, one style sheet, nothing from anywhere else; every text escaped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from kiosk.care.check import Check
from kiosk.words import Words

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
STYLE: Final = """\
body{font:18px/1.6 "Noto Sans SC",sans-serif;margin:0 auto;
max-width:56rem;padding:1.5rem;color:#1c2733;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.1rem;color:#3f5263;margin:1.5rem 0 .25rem}
table{border-collapse:collapse;width:100%}td{padding:.5rem .75rem .5rem 0;border-top:1px solid #d5dde5;
vertical-align:top}
td:first-child{width:12rem;font-weight:600}.wrong td:nth-child(2){color:#a40000}.good td:nth-child(2){color:#14602a}
.notice td:nth-child(2){color:#7a5a00}td:nth-child(2){width:7rem}small{color:#5b6b7a;display:block}
label{display:block;margin:1rem 0 .25rem}
input,button{font:inherit;padding:.6rem .8rem;min-width:14rem;box-sizing:border-box}
button{background:#0b5394;color:#fff;border:0;border-radius:.4rem;min-width:8rem}.said{color:#a40000}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page."""

    name: str
    mood: str  #: good, notice, wrong
    code: str
    value: str
    hint: str


def row_of(check: Check, words: Words, value: str) -> Row:
    """A check as a line; `value`: what of it may be said."""
    mood = "wrong" if not check.ok else "notice" if check.hint else "good"
    return Row(named(check.name, words), mood, check.code, value, check.hint)


def named(name: str, words: Words) -> str:
    """What people call a check or a device."""
    for key in (f"trial.kind.{name}", f"tending.check.{name}"):
        if key in words:
            return words(key)
    return name


def health(words: Words, rows: Iterable[Row], terminal: str, version: str, at: str) -> str:
    """The health page."""
    told = words("health_view.told", terminal=terminal, version=version, at=at)
    lines = "".join(_line(row, words) for row in rows)
    out = f'<form method="post" action="/logout"><button>{_said(words, "out")}</button></form>'
    return _page(words, f"<p>{escape(told)}</p><table>{lines}</table><p></p>{out}")


def login(words: Words, why: str = "", wait_s: int = 0) -> str:
    """The form, and why somebody was not let in."""
    said = f'<p class="said">{escape(words(f"health_view.why.{why}", wait_s=wait_s))}</p>' if why else ""
    fields = (
        f'<label for="person">{_said(words, "person")}</label>'
        '<input id="person" name="person" inputmode="numeric" autocomplete="off" maxlength="4" required>'
        f'<label for="pin">{_said(words, "pin")}</label>'
        '<input id="pin" name="pin" type="password" inputmode="numeric" autocomplete="off" maxlength="12" required>'
    )
    button = f"<p><button>{_said(words, 'in')}</button></p>"
    return _page(words, f'{said}<form method="post" action="/login">{fields}{button}</form>')


def _line(row: Row, words: Words) -> str:
    state = row.code or _said(words, row.mood)
    hint = f"<small>{escape(row.hint)}</small>" if row.hint else ""
    return (
        f'<tr class="{row.mood}"><td>{escape(row.name)}</td><td>{escape(state)}</td>'
        f"<td>{escape(row.value)}{hint}</td></tr>"
    )


def _said(words: Words, key: str) -> str:
    return escape(words(f"health_view.{key}"))


def _page(words: Words, body: str) -> str:
    title = _said(words, "title")
    return (
        f'<!doctype html><html lang="{escape(words.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css">'
        f"<title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    )
