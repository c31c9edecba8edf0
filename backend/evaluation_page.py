"""The later evaluation (好差评) as a phone shows it: five levels, reasons, one button; works without a script."""

from collections.abc import Iterable
from html import escape

from backend.page_frame import PHONE_STYLE, frame, headers_for, lines
from backend.words import Said, sentences_of

#: Which list of reasons is shown; the terminals' of the same name (config/words, `evaluation.version`).
INDICATORS = "sample-1"
LEVELS = (5, 4, 3, 2, 1)
_SATISFIED = 3  # the least of the levels that count as satisfied (好差评)

# The reasons that fit the chosen level are shown by the style alone: the inputs stand before them, as siblings.
_STYLE = PHONE_STYLE + (
    "input{position:absolute;opacity:0}"
    "label{display:block;margin:12px 0;padding:14px 18px;border:2px solid #5c88b4;border-radius:14px;"
    "background:#fff;color:#0b3f73;font-size:24px;font-weight:bold}"
    "input:checked+label{background:#0b3f73;color:#fff}input:checked+label small{color:#fff}"
    "input:focus-visible+label{outline:4px solid #e0912f}"
    ".why{display:none}.why label{font-size:20px;padding:10px 16px}"
    + ",".join(f"#l{level}:checked~.w{'good' if level >= _SATISFIED else 'poor'}" for level in LEVELS)
    + "{display:block}"
)
HEADERS = headers_for(_STYLE)  #: of every answer under /e/


def _words() -> dict[str, Said]:
    return sentences_of("evaluation_words.toml")


def reasons(kind: str) -> list[str]:
    """The codes of the reasons that are offered: `kind` good or poor."""
    prefix = f"{kind}_"
    return [key.removeprefix(prefix) for key in _words() if key.startswith(prefix)]


def fitting(level: int, chosen: Iterable[str]) -> list[str]:
    """Of the chosen reasons those that were offered beside this level."""
    offered = reasons("good" if level >= _SATISFIED else "poor")
    told = set(chosen)
    return [code for code in offered if code in told]


def _choice(kind: str, name: str, value: str, key: str) -> str:
    at = f"{name[0]}{value}"
    return (
        f'<input type="{kind}" name="{name}" value="{escape(value)}" id="{escape(at)}">'
        f'<label for="{escape(at)}">{lines(_words()[key])}</label>'
    )


def _why(kind: str) -> str:
    boxes = "".join(_choice("checkbox", "reason", code, f"{kind}_{code}") for code in reasons(kind))
    return f'<div class="why w{kind}"><p>{lines(_words()[kind])}{boxes}</div>'


def rating_page(trouble: str = "") -> str:
    """The page on which she chooses. `trouble` is the key of what was wrong with what was just sent."""
    said = f'<p class="said bad">{lines(_words()[trouble])}' if trouble else ""
    levels = "".join(_choice("radio", "level", str(level), f"level_{level}") for level in LEVELS)
    return _page(
        f"<h1>{escape(_words()['title'].chinese)}</h1>{said}<p>{lines(_words()['lead'])}"
        f"<p>{lines(_words()['voluntary'])}"
        f'<form method="post">{levels}{_why("good")}{_why("poor")}'
        f"<button>{escape(_words()['send'].chinese)}</button></form><p><small>{_words()['sample'].chinese} "
        f"{_words()['sample'].english}</small>"
    )


def told_page(key: str, mood: str = "good") -> str:
    """A page that says one thing, and what to do."""
    return _page(f'<p class="said {mood}">{lines(_words()[key])}<p>{lines(_words()[f"{key}_do"])}')


def _page(content: str) -> str:
    return frame(_words()["title"].chinese, content, _STYLE)
