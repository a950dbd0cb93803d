#!/usr/bin/env python3
"""Documents are wrapped at column 120, and their links lead somewhere.

usage: documents.py SOURCE_DIR

A line may be longer when it cannot be wrapped: a row of a table, a line of a code block, a heading, or a
single word. Tabs, trailing blanks and a missing last newline are refused, too.
"""
import pathlib
import re
import sys

LIMIT = 120
LINK = re.compile(r"\]\(([^)\s]+)\)")


def slugs(text):
    """The anchors of a page's headings, as GitHub makes them."""
    found = set()
    for line in text.splitlines():
        if re.match(r"#+ ", line):
            words = re.sub(r"`|\*|\[|\]\([^)]*\)", "", line.lstrip("# ")).lower()
            found.add(re.sub(r"[^\w -]", "", words).strip().replace(" ", "-"))
    return found


def check_lines(name, text):
    is_code = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            is_code = not is_code
        can_wrap = not is_code and not line.startswith(("|", "    ", "#", "![")) and " " in line.strip()
        if len(line) > LIMIT and can_wrap:
            yield f"{name}:{number}: {len(line)} columns; expected at most {LIMIT}"
        if line != line.rstrip() or "\t" in line:
            yield f"{name}:{number}: a tab or a blank at the end"
    if not text.endswith("\n"):
        yield f"{name}: no newline at the end"


def check_links(page, text):
    for link in LINK.findall(text):
        file, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = page.parent / file if file else page
        if not target.exists():
            yield f"{page}: link to {link}: no such file"
        elif anchor and anchor not in slugs(target.read_text(encoding="utf-8")):
            yield f"{page}: link to {link}: no such heading"


def main():
    source = pathlib.Path(sys.argv[1])
    pages = [*source.glob("*.md"), *(source / "docs").rglob("*.md")]
    wrong = [] if len(pages) > 15 else [f"{len(pages)} documents found"]
    for page in sorted(pages):
        text = page.read_text(encoding="utf-8")
        wrong += [*check_lines(page.relative_to(source), text), *check_links(page, text)]
    print("\n".join(map(str, wrong)))
    return 1 if wrong else 0


sys.exit(main())
