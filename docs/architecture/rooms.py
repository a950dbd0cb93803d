#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the rooms of the source and which of them includes headers of which.

usage: rooms.py [--check] [--root FOLDER]

Reads every #include "room/..." of the C files of each room and writes rooms.svg beside this file.
A room stands above all rooms that it includes. A dark arrow is an include that no way through other
rooms stands for; a light one is an include that such a way stands for, too. With --check nothing is
written: exit code 1 when rooms.svg is not what would be written, or when rooms include each other in
a circle.
"""
import argparse
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = re.compile(r'^\s*#\s*include\s*"([a-z]\w*)/', re.M)
NOT_ROOMS = {"tests", "bench", "build", "docs", "ci", "cmake"}

# What a room is for, in a few words; a room without a line here is an error, lest one be forgotten.
WORDS = {
    "core": "status, time, calls, random streams",
    "settings": "configuration files and keys",
    "scenarios": "the peak and the call centre, as data",
    "models": "formulas, simulation, prediction, plans",
    "ranks": "one command in several processes",
    "generator": "places the calls: SIPp, capture",
    "callcentre": "the embedded call centre",
    "analyzer": "packets to calls to outcomes",
    "verdict": "plan + observation = judgement",
    "reports": "JSON, JUnit, HTML, plots",
    "recipes": "configurations of real centres",
    "history": "the runs so far",
    "live": "the state of a run while it runs",
    "cli": "the program",
}

BOX_W, BOX_H, GAP_X, GAP_Y, MARGIN = 250, 54, 46, 62, 24
STYLE = """\
  svg { font-family: sans-serif; background: #ffffff }
  rect { fill: #eef3f8; stroke: #2f5d8a; stroke-width: 1.5 }
  .name { font-size: 16px; font-weight: bold; fill: #16324f }
  .words { font-size: 12px; fill: #333333 }
  path { fill: none }
  .direct { stroke: #2f5d8a; stroke-width: 1.8 }
  .implied { stroke: #b9c6d3; stroke-width: 1 }
"""


def read_rooms(root):
    """{room: the rooms of which it includes headers}"""
    folders = [path for path in sorted(root.iterdir())
               if path.is_dir() and path.name not in NOT_ROOMS and not path.name.startswith((".", "build"))
               and (path / "CMakeLists.txt").is_file() and any(path.rglob("*.c"))]
    names = {path.name for path in folders}
    edges = {}
    for folder in folders:
        seen = edges.setdefault(folder.name, set())
        for file in sorted([*folder.rglob("*.c"), *folder.rglob("*.h")]):
            for room in INCLUDE.findall(file.read_text(encoding="utf-8")):
                if room in names and room != folder.name:
                    seen.add(room)
    return edges


def layers_of(edges):
    """{room: height}: 0 for rooms that include none; a room is above all that it includes."""
    height = {}

    def visit(room, above):
        if room in above:
            circle = " -> ".join([*above[above.index(room):], room])
            sys.exit(f"rooms.py: rooms include each other in a circle: {circle}")
        if room not in height:
            height[room] = 1 + max((visit(other, [*above, room]) for other in edges[room]), default=-1)
        return height[room]

    for room in sorted(edges):
        visit(room, [])
    return height


def is_implied(edges, room, other):
    """Whether `other` is reached through another room, too."""
    todo = [via for via in edges[room] if via != other]
    seen = set()
    while todo:
        via = todo.pop()
        if via == other:
            return True
        if via not in seen:
            seen.add(via)
            todo.extend(edges[via])
    return False


def place(edges, height):
    """{room: (x, y)} of the boxes' upper left corners, and the size of the picture."""
    rows = {}
    for room in sorted(edges):
        rows.setdefault(height[room], []).append(room)
    width = max(len(row) for row in rows.values())
    width = width * (BOX_W + GAP_X) - GAP_X + 2 * (MARGIN + GAP_X)
    top = max(rows)
    at = {}
    for level in sorted(rows, reverse=True):
        def wanted(room):  # below the middle of those that include it: fewer arrows cross
            above = [at[user][0] for user in sorted(edges) if room in edges[user] and user in at]
            return (sum(above) / len(above) if above else 0, room)
        row = sorted(rows[level], key=wanted)
        used = len(row) * (BOX_W + GAP_X) - GAP_X
        x = (width - used) / 2 + (GAP_X if level % 2 else -GAP_X)
        for room in row:
            at[room] = (round(x), MARGIN + (top - level) * (BOX_H + GAP_Y))
            x += BOX_W + GAP_X
    return at, width, 2 * MARGIN + (top + 1) * (BOX_H + GAP_Y) - GAP_Y


def arrow(edges, at, room, other):
    """From the lower edge of a room to the upper edge of one that it includes."""
    users = sorted((user for user in edges if other in edges[user]), key=lambda user: (at[user][0], user))
    used = sorted(edges[room], key=lambda name: (at[name][0], name))
    x1 = at[room][0] + BOX_W * (used.index(other) + 1) / (len(used) + 1)
    x2 = at[other][0] + BOX_W * (users.index(room) + 1) / (len(users) + 1)
    y1, y2 = at[room][1] + BOX_H, at[other][1] - 5
    bend = min(70.0, (y2 - y1) / 2)
    kind = "implied" if is_implied(edges, room, other) else "direct"
    return (f'<path class="{kind}" marker-end="url(#{kind})" d="M{x1:.0f} {y1} C{x1:.0f} {y1 + bend:.0f} '
            f'{x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2}"><title>{room} includes headers of {other}'
            '</title></path>')


def draw(edges):
    height = layers_of(edges)
    at, width, tall = place(edges, height)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {tall}" width="{width}" '
           f'height="{tall}" role="img">',
           "<title>The rooms of peakrig, and which includes headers of which</title>",
           "<!-- Made by rooms.py; do not edit. -->", f"<style>\n{STYLE}</style>", "<defs>"]
    for kind, colour in (("direct", "#2f5d8a"), ("implied", "#b9c6d3")):
        out.append(f'<marker id="{kind}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" '
                   f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" style="fill:{colour}"/>'
                   "</marker>")
    out.append("</defs>")
    pairs = [(room, other) for room in sorted(edges) for other in sorted(edges[room])]
    pairs.sort(key=lambda pair: not is_implied(edges, *pair))  # the light ones below
    out += [arrow(edges, at, room, other) for room, other in pairs]
    for room in sorted(edges):
        x, y = at[room]
        out += [f'<rect x="{x}" y="{y}" width="{BOX_W}" height="{BOX_H}" rx="6"/>',
                f'<text class="name" x="{x + 12}" y="{y + 23}">{room}/</text>',
                f'<text class="words" x="{x + 12}" y="{y + 42}">{WORDS[room]}</text>']
    return "\n".join([*out, "</svg>", ""])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--root", type=pathlib.Path, default=HERE.parent.parent)
    options = parser.parse_args()
    edges = read_rooms(options.root)
    unknown = sorted(set(edges) - set(WORDS))
    if unknown:
        sys.exit(f"rooms.py: say in WORDS what these rooms are for: {', '.join(unknown)}")
    picture = draw(edges)
    file = HERE / "rooms.svg"
    if not options.check:
        file.write_text(picture, encoding="utf-8")
    elif not file.is_file() or file.read_text(encoding="utf-8") != picture:
        sys.exit("rooms.svg is not of these includes any more; run docs/architecture/rooms.py")


if __name__ == "__main__":
    main()
