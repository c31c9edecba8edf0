"""The description of every call as one page that needs nothing but this server.

FastAPI's own page loads its script from a public network that the platform's network does not reach.
"""

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2733 }
h2 { margin-top: 2.5rem } article { border: 1px solid #d5dde5; border-radius: 8px; padding: .5rem 1rem; margin: 1rem 0 }
b.method { display: inline-block; min-width: 5rem } code { font-family: ui-monospace, monospace }
table { border-collapse: collapse; width: 100% } td { border-top: 1px solid #e5ebf0; padding: .3rem .6rem .3rem 0;
vertical-align: top } td:first-child { width: 16rem }
"""


def _table(rows: list[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><td><code>{escape(name)}</code><td>{escape(said)}" for name, said in rows)
    return f"<table>{cells}</table>" if rows else ""


def _kind(schema: dict[str, Any]) -> str:
    """A JSON schema in a few words: its type, its named shape, its bounds."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    bounds = ("const", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength")
    said = [f"{name} {schema[name]}" for name in bounds if name in schema]
    return " ".join([str(schema.get("format", schema.get("type", "any"))), *said])


def _shape(schema: dict[str, Any]) -> str:
    if "properties" not in schema:
        return f"<p>{escape(_kind(schema))}"
    members = [
        (name, f"{_kind(member)}. {member.get('description', '')}".rstrip(". "))
        for name, member in schema["properties"].items()
    ]
    return f"<p>{escape(schema.get('description', ''))}{_table(members)}"


def _call(method: str, path: str, call: dict[str, Any]) -> str:
    given = [
        (f"{one['name']} ({one['in']})", f"{_kind(one['schema'])}. {one.get('description', '')}".rstrip(". "))
        for one in call.get("parameters", [])
    ]
    bodies = call.get("requestBody", {}).get("content", {})
    given += [(f"body ({kind})", _kind(body["schema"])) for kind, body in bodies.items()]
    answers = []
    for status, answer in call["responses"].items():
        shapes = [_kind(body["schema"]) for body in answer.get("content", {}).values() if "schema" in body]
        answers.append((status, "; ".join([answer["description"], *shapes])))
    who = ", ".join(name for scheme in call.get("security", []) for name in scheme) or "anybody"
    return (
        f'<article><p><b class="method">{method.upper()}</b> <code>{escape(path)}</code> · {escape(who)}'
        f"<p>{escape(call.get('description', ''))}{_table(given)}{_table(answers)}</article>"
    )


def page(described: dict[str, Any]) -> str:
    """The OpenAPI document `described` as HTML."""
    by_tag: dict[str, list[str]] = {}
    for path, methods in described["paths"].items():
        for method, call in methods.items():
            by_tag.setdefault(", ".join(call.get("tags", ())), []).append(_call(method, path, call))
    calls = "".join(f"<h2>{escape(tag)}</h2>{''.join(articles)}" for tag, articles in by_tag.items())
    schemas = described.get("components", {}).get("schemas", {})
    shapes = "".join(
        f"<article><p><b>{escape(name)}</b>{_shape(one)}</article>" for name, one in schemas.items()
    )
    about = described["info"]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(about["title"])}</title>'
        f"<style>{_STYLE}</style><h1>{escape(about['title'])} {escape(about['version'])}</h1>"
        f'<p>{escape(about["description"])}<p><a href="openapi.json">openapi.json</a>{calls}<h2>shapes</h2>{shapes}'
    )


@router.get("/docs", response_class=HTMLResponse)
def docs(request: Request) -> str:
    """Every call, described."""
    return page(request.app.openapi())
