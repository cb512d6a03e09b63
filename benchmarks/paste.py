"""A table of 500 cards pasted into a map, against the same 500 cards added one after another.

Both through the real server on SQLite, as one browser would: the paste is one post, the cards are
500 posts over one connection. Both take turns.
"""

import http.client
import json
import re
import time
from argparse import ArgumentParser
from itertools import batched, cycle, islice
from urllib.parse import urlencode

from ui.ids import uuid7

from .page import in_turns, told
from .site import Site, folder, machine, post


def main(arguments: list[str] | None = None) -> None:
    parser = ArgumentParser(prog="benchmarks.paste", description=__doc__)
    parser.add_argument("--cards", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    print(f"{machine()}; {options.cards} cards, median of {options.rounds}")
    with folder() as path:
        site = Site(path)
        with site.served():
            connection = http.client.HTTPConnection(*site.address)
            cells = _cells(site, connection)
            acts = {
                "one paste": lambda: _paste(site, connection, cells, options.cards),
                "one by one": lambda: _one_by_one(site, connection, cells, options.cards),
            }
            told("cards", in_turns(acts, options.rounds), goal=0.1)
            connection.close()


def _cells(site: Site, connection: http.client.HTTPConnection) -> list[tuple[str, str]]:
    """The cells of the map, as (stage, lane), row by row."""
    connection.request("GET", site.page, headers=site.headers())
    html = connection.getresponse().read().decode()
    return re.findall(r'role="gridcell"[^>]* data-stage="([^"]+)" data-lane="([^"]+)"', html)


def _paste(site: Site, connection, cells: list[tuple[str, str]], count: int) -> float:
    texts: dict[tuple[str, str], list[str]] = {cell: [] for cell in cells}
    for number, cell in enumerate(islice(cycle(cells), count)):
        texts[cell].append(f"Card {number}")
    stages = list(dict.fromkeys(stage for stage, _lane in cells))
    block = {
        "stages": [{"id": stage} for stage in stages],
        "lanes": [{"id": lane} for lane in dict.fromkeys(lane for _stage, lane in cells)],
        "rows": [list(row) for row in batched(map("\n".join, texts.values()), len(stages))],
    }
    return _timed(site, connection, "paste/", [{"block": json.dumps(block)}])


def _one_by_one(site: Site, connection, cells: list[tuple[str, str]], count: int) -> float:
    edits = [
        {"id": str(uuid7()), "stage": stage, "lane": lane, "text": f"Card {number}"}
        for number, (stage, lane) in enumerate(islice(cycle(cells), count))
    ]
    return _timed(site, connection, "cards/", edits)


def _timed(site: Site, connection, path: str, edits: list[dict[str, str]]) -> float:
    start = time.perf_counter()
    for edit in edits:
        fields = {"key": str(uuid7()), **edit}
        post(connection, site.page + path, urlencode(fields), site.headers())
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
