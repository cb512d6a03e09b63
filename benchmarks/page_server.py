"""Run by page.py with a site's environment: the server's side of the page of a map."""

import sys
import time

import django

django.setup()

from django.test import Client  # noqa: E402 after setup

from journeys import drawing  # noqa: E402

from .page import in_turns, told  # noqa: E402


def main(pk: str, cookie: str, rounds: int) -> None:
    browser = Client(headers={"host": "localhost", "cookie": cookie})

    def page() -> float:
        start = time.perf_counter()
        response = browser.get(f"/maps/{pk}/")
        taken = time.perf_counter() - start
        if response.status_code != 200:
            raise RuntimeError(response.content[:500].decode())
        return 1000 * taken

    def cold() -> float:
        drawing.faces.clear()
        return page()

    # In this order: the page that draws all faces leaves them for the next warm one.
    figures = in_turns({"cold": cold, "warm": page}, rounds)
    told("server", {"warm": figures["warm"], "cold": figures["cold"]}, goal=0.25)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
