#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents are wrapped at column 120, and their links lead somewhere; comments name files that exist;
README.md names each scenario of scenarios/.

usage: documents.py SOURCE_DIR

A line may be longer when it cannot be wrapped: a row of a table, a line of a code block, a heading, or a
single word. Tabs, trailing blanks and a missing last newline are refused, too. A file that a comment of the
source names is named from the top folder (models/metric.h), or is in the same room (metric.h, calls/leg.h).
"""
import pathlib
import re
import sys

LIMIT = 120
COMMENT = re.compile(r"/\*.*?\*/", re.S)
SOURCE_FILE = re.compile(r"(?<![\w/.])(?:[a-z_]\w*/)*[a-z_]\w*\.[ch]\b")
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


def check_comments(source, room):
    """The C files that the comments of a room name."""
    files = [*room.rglob("*.c"), *room.rglob("*.h")]
    names = {file.name for file in files}
    for file in sorted(files):
        text = file.read_text(encoding="utf-8")
        for comment in COMMENT.finditer(text):
            for named in SOURCE_FILE.finditer(comment[0]):
                if named[0] not in names and not any((top / named[0]).is_file() for top in (source, room)):
                    line = text.count("\n", 0, comment.start() + named.start()) + 1
                    yield f"{file.relative_to(source)}:{line}: no file {named[0]}"


def check_scenarios(source):
    told = (source / "README.md").read_text(encoding="utf-8")
    for scenario in sorted((source / "scenarios").glob("*.cfg")):
        if f"`{scenario.name}`" not in told:
            yield f"README.md: scenarios/{scenario.name} is not named"


def main():
    source = pathlib.Path(sys.argv[1])
    pages = [*source.glob("*.md"), *(source / "docs").rglob("*.md")]
    wrong = [] if len(pages) > 15 else [f"{len(pages)} documents found"]
    for page in sorted(pages):
        text = page.read_text(encoding="utf-8")
        wrong += [*check_lines(page.relative_to(source), text), *check_links(page, text)]
    rooms = [path.parent for path in source.glob("*/CMakeLists.txt") if not path.parent.name.startswith("build")]
    wrong += [f"{len(rooms)} rooms found"] if len(rooms) < 10 else []
    for room in sorted(rooms):
        wrong += check_comments(source, room)
    wrong += check_scenarios(source)
    print("\n".join(map(str, wrong)))
    return 1 if wrong else 0


sys.exit(main())
