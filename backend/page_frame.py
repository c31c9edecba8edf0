"""What every page for people has in common: its frame, and a content policy that lets through its own style and script
by their hashes, and nothing else."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape

from backend.words import Said

#: Of the pages that a citizen's phone shows: large type, one column.
PHONE_STYLE = (
    "html{-webkit-text-size-adjust:100%}"
    "body{margin:0;background:#f7f4ee;color:#1a1d21;font:20px/1.5 sans-serif}"
    "main{max-width:34em;margin:0 auto;padding:20px 20px 40px}"
    "h1{font-size:28px;line-height:1.3;margin:12px 0 4px;color:#0b3f73}"
    "p{margin:10px 0}small{display:block;font-size:15px;color:#464c54}"
    ".said{padding:16px 18px;border-radius:14px;font-weight:bold;font-size:24px;line-height:1.35}"
    ".good{background:#e6f3ea;color:#135c38}.bad{background:#fde9e7;color:#8c1d18}"
    "button{display:block;width:100%;margin:22px 0;padding:18px;border:0;border-radius:18px;"
    "background:#0b3f73;color:#fff;font-size:26px;font-weight:bold}"
)


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def headers_for(style: str, script: str = "") -> Mapping[str, str]:
    """The headers of a page that has this style and script."""
    scripts = f"script-src {_hash(script)}; " if script else ""
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src {_hash(style)}; {scripts}form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
        "Cache-Control": "no-store",
    }


def frame(title: str, content: str, style: str, script: str = "") -> str:
    """A whole page. `content` is HTML already, `title` is not."""
    told = f"<script>{script}</script>" if script else ""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{content}</main>{told}</body></html>"
    )


def lines(said: Said, **facts: str | int) -> str:
    """A sentence in both languages, as HTML."""
    return f"{escape(said.chinese.format(**facts))}<small>{escape(said.english.format(**facts))}</small>"
