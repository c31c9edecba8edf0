"""The page that a phone sees: large type, one button, nothing from elsewhere, works without a script.

The script only spares a touch: it sends as soon as a picture was taken. The content policy lets through exactly this
script and this style, by their hashes, so that nothing else ever runs here.
"""

from html import escape

from backend.page_frame import PHONE_STYLE, frame, headers_for, lines
from backend.words import Said, sentences_of

_STYLE = PHONE_STYLE + (
    ".pick{position:relative;display:block;margin:22px 0;border-radius:18px;text-align:center;overflow:hidden}"
    ".pick b{display:block;font-size:32px;padding-top:26px}.pick small{padding-bottom:24px;color:inherit}"
    ".main{background:#9c2f06;color:#fff}"
    ".side{background:#fff;color:#0b3f73;border:2px solid #5c88b4}.side b{font-size:24px;padding-top:14px}"
    ".side small{padding-bottom:14px}"
    ".pick input{position:absolute;top:0;left:0;width:100%;height:100%;opacity:0;font-size:120px}"
    "#wait{display:none}"
)
_SCRIPT = (
    "(function(){var f=document.getElementById('form');if(!f){return}"
    "var i=f.getElementsByTagName('input');"
    "function go(){document.getElementById('wait').style.display='block';"
    "document.getElementById('ask').style.display='none';f.submit()}"
    "for(var n=0;n<i.length;n++){i[n].onchange=function(){if(this.value){go()}}}})()"
)


HEADERS = headers_for(_STYLE, _SCRIPT)  #: of every answer under /u/


def sentences() -> dict[str, Said]:
    """Every sentence of the page."""
    return sentences_of("phone_words.toml")


def _lines(key: str, **facts: str | int) -> str:
    return lines(sentences()[key], **facts)


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
    return frame(sentences()["title"].chinese, content, _STYLE, _SCRIPT)


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
