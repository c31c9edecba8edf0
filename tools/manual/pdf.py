"""The manual's Markdown as a PDF: what markdown-it-py parsed, set block after block."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from kiosk.words import Words
from tools.manual.paper import Paper, Picture
from tools.manual.runs import Run, Style

_INDENT = 7.0  # mm of a list


class NotSet(ValueError):
    """The page holds something that cannot be set; the message says what."""


def manual_pdf(pages: Sequence[Path], words: Words, version: str, made: datetime, fonts: Path) -> bytes:
    """All pages, each a chapter. Same pages, version and time give the same bytes.

    Raises `NotSet` and OSError (a page, a picture, or the typefaces are missing).
    """
    trees = [(page.parent, parsed(page.read_text(encoding="utf-8"))) for page in pages]
    blocks = [(folder, block) for folder, tree in trees for block in tree.children]
    entries = sum(block.tag in ("h1", "h2") for _, block in blocks)
    paper = Paper(words, version, made, fonts, entries)
    try:
        for folder, block in blocks:
            _Setter(paper, folder).block(block)
    except (NotSet, OSError):
        paper.close()
        raise
    return bytes(paper.output())


def parsed(text: str) -> SyntaxTreeNode:
    """The tree of a page: CommonMark with tables."""
    return SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text))


class _Setter:
    """Sets one page. `folder`: where its pictures are looked for."""

    def __init__(self, paper: Paper, folder: Path) -> None:
        self._paper, self._folder = paper, folder

    def block(self, node: SyntaxTreeNode, indent: float = 0.0) -> None:
        """One block, and what is in it."""
        match node.type:
            case "heading":
                self._paper.head(int(node.tag[1]), "".join(run.text for run in runs_of(node)))
            case "paragraph":
                self._paragraph(node, indent)
            case "fence" | "code_block":
                self._paper.code(node.content, indent)
            case "bullet_list" | "ordered_list":
                self._list(node, indent + _INDENT)
            case "table":
                self._paper.grid([[list(runs_of(cell)) for cell in row.children] for row in _rows(node)])
            case "hr":
                self._paper.rule()
            case "html_block" if node.content.lstrip().startswith("<!--"):
                return
            case _:
                raise NotSet(f"{node.type}: {node.content[:40] if node.type == 'html_block' else ''}")

    def _paragraph(self, node: SyntaxTreeNode, indent: float, mark: str = "") -> None:
        pictures = [child for child in node.children[0].children if child.type == "image"]
        if pictures:
            self._paper.pictures(
                [Picture(self._folder / str(one.attrs["src"]), one.content) for one in pictures]
            )
        else:
            self._paper.paragraph(runs_of(node), indent, mark)

    def _list(self, node: SyntaxTreeNode, indent: float) -> None:
        first = int(node.attrs.get("start", 1))
        for number, item in enumerate(node.children, start=first):
            mark = f"{number}." if node.type == "ordered_list" else "·"
            for block in item.children:
                if mark and block.type == "paragraph":
                    self._paragraph(block, indent, mark)
                    mark = ""
                else:
                    self.block(block, indent)


def _rows(table: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    for part in table.children:
        yield from part.children


def runs_of(node: SyntaxTreeNode, style: Style = "plain") -> Iterator[Run]:
    """What a paragraph, heading or cell says. Raises `NotSet`."""
    for child in node.children:
        match child.type:
            case "text":
                yield Run(child.content, style)
            case "code_inline":
                yield Run(child.content, "code")
            case "softbreak":
                yield Run("", style)  # Chinese lines join without a space
            case "hardbreak":
                yield Run("\n", style)
            case "strong":
                yield from runs_of(child, "bold")
            case "inline" | "link" | "em":
                yield from runs_of(child, style)
            case _:
                raise NotSet(child.type)
