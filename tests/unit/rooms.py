#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the source keep to the table in docs/architecture.md.

usage: rooms.py NM SOURCE ROOMS

ROOMS has a line a library: ROOM|LINKED;LIBRARIES|ARCHIVE.. (cmake writes it; a room can have several).

Checked against the table, in both directions (nothing undeclared, nothing declared and not used):
  links     what each room's library is linked with;
  includes  which rooms' headers it includes, and only those at the other room's root;
  systems   which libraries' headers it includes;
and of the names:
  symbols   what a room's archive lacks is defined in the rooms that it may see;
  names     no exported name, no type and no constant is defined in two rooms, and the first word after
            rig_ of an exported function belongs to one room;
  top       a file that git tracks at the top is named in the document (what is run there may leave
            files behind, which are easily committed).
"""
import pathlib
import re
import subprocess
import sys
from collections import defaultdict

# A header of each library, and what CMake calls it. What comes with the C library is not listed.
LIBRARIES = {
    "GSL": r"gsl/", "libconfig": r"libconfig\.h", "libpcap": r"pcap(/|\.h)", "zlib": r"zlib\.h", "zstd": r"zstd\.h",
    "nettle": r"nettle/", "jansson": r"jansson\.h", "libxml2": r"libxml/", "sofia-sip": r"sofia-sip/",
    "Random123": r"Random123/", "SQLite": r"sqlite3\.h", "libmicrohttpd": r"microhttpd\.h", "Open MPI": r"mpi\.h",
}
LINKS = {
    "PkgConfig::GSL": "GSL", "PkgConfig::LIBCONFIG": "libconfig", "PkgConfig::LIBPCAP": "libpcap",
    "PkgConfig::ZLIB": "zlib", "PkgConfig::ZSTD": "zstd", "PkgConfig::NETTLE": "nettle",
    "PkgConfig::JANSSON": "jansson", "PkgConfig::LIBXML2": "libxml2", "PkgConfig::SOFIA": "sofia-sip",
    "PkgConfig::SQLITE": "SQLite", "PkgConfig::MICROHTTPD": "libmicrohttpd", "PkgConfig::MPI": "Open MPI",
}
NOT_LINKED = {"Random123"}  # headers only
OPTIONAL = {"Open MPI"}  # linked where peakrig is built with it
NO_LIBRARY = {"m", "peakrig_options", "Threads::Threads"}


class Room:
    def __init__(self, name, sees, libraries):
        self.name, self.sees, self.libraries = name, sees, libraries
        self.links, self.archives = set(), []


def words(cell):
    return {word.strip(" `/") for word in cell.split(",") if word.strip(" `/-")}


def read_table(text):
    """The table with the columns folder, holds, sees, libraries."""
    rooms = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and re.fullmatch(r"`\w+/`", cells[0]):
            name = cells[0].strip("`/")
            rooms[name] = Room(name, words(cells[2]), words(cells[3]))
    return rooms


def read_links(path, rooms):
    wrong = []
    for line in path.read_text().splitlines():
        name, links, *archives = line.split("|")
        if name not in rooms:
            wrong.append(f"{name}/ is built, but has no row")
            continue
        room = rooms[name]
        room.archives += [archive for archive in archives if archive]
        for link in filter(None, links.split(";")):
            link = re.sub(r"^\$<LINK_ONLY:(.*)>$", r"\1", link)
            if link.startswith("rig_"):
                room.links.add(link[len("rig_"):])
            elif link in LINKS:
                room.links.add(LINKS[link])
            elif link not in NO_LIBRARY:
                wrong.append(f"{name}/ links {link}, which this test does not know")
        room.links -= {name, "packets"}  # packets: a library of the analyzer's own
    return wrong


def compare(room, what, found, declared):
    return ([f"{room.name}/ {what} {name}: not in its row" for name in sorted(found - declared)] +
            [f"{room.name}/: its row says {name}, but it {what} no such thing" for name in sorted(declared - found)])


def check_includes(source, room, rooms):
    wrong, seen, systems = [], set(), set()
    files = sorted(file for file in (source / room.name).rglob("*.[ch]"))
    if not files:
        wrong.append(f"{room.name}/: no source")
    for file in files:
        for number, line in enumerate(file.read_text().splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*(["<])([^">]+)', line)
            if not match:
                continue
            kind, header = match.groups()
            where = f"{file.relative_to(source)}:{number}"
            if kind == "<":
                systems |= {name for name, form in LIBRARIES.items() if re.match(form, header)}
                continue
            owner, _, rest = header.partition("/")
            if owner == room.name:
                continue
            if owner not in rooms:
                wrong.append(f"{where}: {header} is in no room")
            elif "/" in rest:
                wrong.append(f"{where}: {header} is private to {owner}/")
            seen.add(owner)
    wrong += compare(room, "includes", seen, room.sees)
    wrong += compare(room, "includes", systems, room.libraries)
    return wrong


def nm(program, archives, *options):
    if not archives:
        return set()
    text = subprocess.run([program, *options, *archives], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1] for line in text.splitlines() if re.search(r" [A-Za-z] rig_", line)}


def check_symbols(program, rooms):
    wrong, owners = [], defaultdict(set)
    defined, lacking = {}, {}
    for room in rooms.values():
        defined[room.name] = nm(program, room.archives, "--defined-only", "--extern-only")
        lacking[room.name] = nm(program, room.archives, "--undefined-only")
        if room.archives and not defined[room.name] and room.name != "cli":
            wrong.append(f"{room.name}/: nm shows no symbol of ours")
        for symbol in defined[room.name]:
            owners[symbol].add(room.name)
    for room in rooms.values():
        rest = lacking[room.name] - defined[room.name]
        for other in room.sees:
            rest -= defined[other]
        wrong += [f"{room.name}/ needs {symbol}, which no room that it sees has" for symbol in sorted(rest)]
    wrong += [f"{symbol} is defined in {', '.join(sorted(of))}" for symbol, of in owners.items() if len(of) > 1]
    prefixes = defaultdict(set)
    for symbol, of in owners.items():
        prefixes[symbol.split("_")[1]] |= of
    wrong += [f"rig_{word}_ names functions of {', '.join(sorted(of))}; expected one room"
              for word, of in sorted(prefixes.items()) if len(of) > 1]
    return wrong


def check_types(source, rooms):
    """Types, constants and macros that headers of two rooms define."""
    owners = defaultdict(set)
    for name in rooms:
        for file in (source / name).rglob("*.h"):
            text = re.sub(r"/\*.*?\*/|//[^\n]*", "", file.read_text(), flags=re.S)
            found = re.findall(r"\}\s*(rig_\w+)\s*;|typedef struct (rig_\w+) \2;|#\s*define (RIG_\w+)", text)
            for body in re.findall(r"\benum\b[^{;]*\{(.*?)\}", text, flags=re.S):
                found += [(item.split("=")[0].strip(),) for item in body.split(",") if item.strip()]
            for groups in found:
                owners[next(group for group in groups if group)].add(name)
    return [f"{item} is defined in {', '.join(sorted(of))}" for item, of in sorted(owners.items()) if len(of) > 1]


def check_top(source, document):
    listed = subprocess.run("git ls-files -z", shell=True, cwd=source, capture_output=True, text=True).stdout
    files = [name for name in listed.split("\0") if name and "/" not in name]
    if "CMakeLists.txt" not in files:
        print("top: not checked, for git tracks nothing here")
        return []
    return [f"{name} at the top: docs/architecture.md does not name it" for name in files if f"`{name}`" not in document]


def main():
    program, source, list_of_rooms = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    document = (source / "docs" / "architecture.md").read_text()
    rooms = read_table(document)
    wrong = [] if rooms else ["docs/architecture.md: no table of the rooms"]
    wrong += read_links(list_of_rooms, rooms)
    for room in rooms.values():
        declared = room.sees | (room.libraries - NOT_LINKED - (OPTIONAL - room.links))
        wrong += compare(room, "links", room.links, declared)
        wrong += check_includes(source, room, rooms)
    wrong += check_symbols(program, rooms)
    wrong += check_types(source, rooms)
    wrong += check_top(source, document)
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
