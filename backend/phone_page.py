"""The page that a phone sees: large type, one button, nothing from elsewhere, works without a script.

The script only spares a touch: it sends as soon as a picture was taken. The content policy lets through exactly this
script and this style, by their hashes, so that nothing else ever runs here.
"""

import base64
import hashlib
from collections.abc import Mapping
from html import escape

from backend.words import Said, sentences_of

_STYLE = (
    "html{-webkit-text-size-adjust:100%}"
    "body{margin:0;background:#f7f4ee;color:#1a1d21;font:20px/1.5 sans-serif}"
    "main{max-width:34em;margin:0 auto;padding:20px 20px 40px}"
    "h1{font-size:28px;line-height:1.3;margin:12px 0 4px;color:#0b3f73}"
    "p{margin:10px 0}small{display:block;font-size:15px;color:#464c54}"
    ".said{padding:16px 18px;border-radius:14px;font-weight:bold;font-size:24px;line-height:1.35}"
    ".good{background:#e6f3ea;color:#135c38}.bad{background:#fde9e7;color:#8c1d18}"
    ".pick{position:relative;display:block;margin:22px 0;border-radius:18px;text-align:center;overflow:hidden}"
    ".pick b{display:block;font-size:32px;padding-top:26px}.pick small{padding-bottom:24px;color:inherit}"
    ".main{background:#9c2f06;color:#fff}"
    ".side{background:#fff;color:#0b3f73;border:2px solid #5c88b4}.side b{font-size:24px;padding-top:14px}"
    ".side small{padding-bottom:14px}"
    ".pick input{position:absolute;top:0;left:0;width:100%;height:100%;opacity:0;font-size:120px}"
    "button{display:block;width:100%;margin:22px 0;padding:18px;border:0;border-radius:18px;"
    "background:#0b3f73;color:#fff;font-size:26px;font-weight:bold}"
    "#wait{display:none}"
)
_SCRIPT = (
    "(function(){var f=document.getElementById('form');if(!f){return}"
    "var i=f.getElementsByTagName('input');"
    "function go(){document.getElementById('wait').style.display='block';"
    "document.getElementById('ask').style.display='none';f.submit()}"
    "for(var n=0;n<i.length;n++){i[n].onchange=function(){if(this.value){go()}}}})()"
)


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


#: Of every answer under /u/.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src {_hash(_STYLE)}; script-src {_hash(_SCRIPT)}; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def sentences() -> dict[str, Said]:
    """Every sentence of the page."""
    return sentences_of("phone_words.toml")


def _lines(key: str, **facts: str | int) -> str:
    said = sentences()[key]
    return f"{escape(said.chinese.format(**facts))}<small>{escape(said.english.format(**facts))}</small>"


def _said(key: str, mood: str, **facts: str | int) -> str:
    return f'<p class="said {mood}">{_lines(key, **facts)}'


def _pick(key: str, look: str, attributes: str) -> str:
    said = sentences()[key]
    return (
        f'<label class="pick {look}"><b>{escape(said.chinese)}</b><small>{escape(said.english)}</small>'
        f'<input type="file" name="page" {attributes}></label>'
    )


def _form() -> str:
    # Two inputs: `capture` opens the camera at once, and then some phones offer neither album nor files.
    camera = _pick("camera", "main", 'accept="image/*,application/pdf" capture="environment" multiple')
    album = _pick("album", "side", 'accept="image/jpeg,image/png,image/webp,application/pdf" multiple')
    send = escape(sentences()["send"].chinese)
    return (
        '<form id="form" method="post" enctype="multipart/form-data"><div id="ask">'
        f"{camera}{album}<noscript><button>{send}</button></noscript></div></form>"
        f'<p id="wait" class="said good">{_lines("sending")}</p>'
    )


def _page(content: str) -> str:
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(sentences()['title'].chinese)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{content}</main><script>{_SCRIPT}</script></body></html>"
    )


def upload_page(label: str, *, room: int, count: int, minutes: int, trouble: str = "", **facts: int) -> str:
    """The page while the slot waits. `trouble` is the key of what was wrong with what was just sent."""
    parts = [f"<h1>{escape(sentences()['title'].chinese)}</h1>", f"<p>{_label(label)}"]
    if trouble:
        parts.append(_said(trouble, "bad", room=room, **facts))
    elif count:
        parts += [_said("thanks", "good", count=count), f"<p>{_lines('look')}"]
    if room <= 0:
        return _page("".join([*parts, f"<p>{_lines('full')}"]))
    parts += [f"<p>{_lines('more' if count else 'how')}", _form()]
    parts += [f"<p>{_lines('room', room=room, minutes=minutes)}", f"<p>{_lines('kept')}"]
    return _page("".join(parts))


def _label(label: str) -> str:
    return escape(sentences()["lead"].chinese.format(label=label))


def kind_page(key: str) -> str:
    """A page for a code that opens nothing: what happened, what to do."""
    return _page(_said(key, "bad") + f"<p>{_lines(f'{key}_do')}")
