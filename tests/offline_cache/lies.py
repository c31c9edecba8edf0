"""What a link, a proxy, a portal or a platform in trouble may answer: (method, path pattern, fault) by name."""

from tests.offline_cache.loopback_platform import (
    PORTAL_PAGE,
    REDIRECT,
    Cut,
    Fault,
    LostReply,
    Says,
    Twisted,
)

ANYWHERE = r"/.*"
ON_THE_WAY: dict[str, tuple[str, str, Fault]] = {
    "500 at health": ("GET", "/health", Says(500)),
    "500 at files": ("GET", "/v1/files", Says(500)),
    "500 at the case": ("PUT", ANYWHERE, Says(500)),
    "502 page of a proxy": (
        "PUT",
        ANYWHERE,
        Says(502, b"<html>bad gateway", (("Content-Type", "text/html"),)),
    ),
    "200 with HTML at health": ("GET", "/health", PORTAL_PAGE),
    "200 with HTML at creation": ("POST", "/v1/files", PORTAL_PAGE),
    "200 with HTML in mid-upload": ("PATCH", ANYWHERE, PORTAL_PAGE),
    "200 with HTML at the case": ("PUT", ANYWHERE, PORTAL_PAGE),
    "a health that is not ours": ("GET", "/health", Says(200, b'{"status": "ok"}')),
    "redirect": ("PUT", ANYWHERE, REDIRECT),
    "login required": ("PUT", ANYWHERE, Says(511)),
    "401 at the case": ("PUT", ANYWHERE, Says(401)),
    "403 page of a proxy": ("PUT", ANYWHERE, Says(403, b"<html>no", (("Content-Type", "text/html"),))),
    "422 page of a proxy": ("PUT", ANYWHERE, Says(422, b"<html>no", (("Content-Type", "text/html"),))),
    "403 in plain text": ("PUT", ANYWHERE, Says(403, b"no", (("Content-Type", "text/plain"),))),
    "422 in plain text": ("PUT", ANYWHERE, Says(422, b"no", (("Content-Type", "text/plain"),))),
    "401 without a word": ("PUT", ANYWHERE, Says(401, b"", ())),
    "404 of another server": ("PUT", ANYWHERE, Says(404, b'{"detail": "Not Found"}')),
    "429": ("PUT", ANYWHERE, Says(429)),
    "503 with Retry-After": ("PUT", ANYWHERE, Says(503, b"", (("Retry-After", "90"),))),
    "no JSON": ("PUT", ANYWHERE, Says(200, b"all right")),
    "an empty 200": ("PUT", ANYWHERE, Says(200, b"", ())),
    "another case's acceptance": ("PUT", ANYWHERE, Twisted(lambda said: said | {"case_id": "other"})),
    "no acceptance number": ("PUT", ANYWHERE, Twisted(lambda said: said | {"acceptance_number": ""})),
    "JSON too deep": ("GET", "/v1/files", Twisted(lambda said: b"[" * 100_000)),
    "creation without tus": ("POST", "/v1/files", Says(201, b"{}", (("Location", "/v1/files/1"),))),
    "creation without a location": ("POST", "/v1/files", Says(201, b"", (("Tus-Resumable", "1.0.0"),))),
    "an offset that is no number": (
        "PATCH",
        ANYWHERE,
        Says(204, b"", (("Tus-Resumable", "1.0.0"), ("Upload-Offset", "many"))),
    ),
    "an offset beyond the file": (
        "PATCH",
        ANYWHERE,
        Says(204, b"", (("Tus-Resumable", "1.0.0"), ("Upload-Offset", "99999999"))),
    ),
    "cut before the first byte": ("PATCH", ANYWHERE, Cut(0)),
    "cut in mid-upload": ("PATCH", ANYWHERE, Cut(1234)),
    "reply to a chunk lost": ("PATCH", ANYWHERE, LostReply()),
    "reply to the case lost": ("PUT", ANYWHERE, LostReply()),
    "reply to creation lost": ("POST", "/v1/files", LostReply()),
    "files said missing that are there": (
        "PUT",
        ANYWHERE,
        Says(409, b'{"code": "U409", "missing": ["p01"]}'),
    ),
}

VERDICTS: dict[str, Says] = {
    "422": Says(422, b'{"code": "U422", "detail": "signs"}'),
    "other parts": Says(409, b'{"code": "U410"}'),
    "too large": Says(413),
    "bad request": Says(400),
}
