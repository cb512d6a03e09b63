"""A map on paper: our PDF against Chromium printing the same page.

Ours is all that a reader waits for: from the map's story to the tagged file, in a warm child,
with the search for the size of its type. Chromium, warm too, gets the page that came out of that
search (of a report one after another its parts), opens it and prints it tagged; once as a browser
that stands ready and once started for it, as a server would that keeps none. All take turns.
"""

import json
import logging
import os
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median
from time import perf_counter

import django

from .site import folder, machine

SIZES = (200, 800, 3000)
ORIGIN = "http://paper.test/"
GOALS = {200: 0.6}


def main(arguments: list[str] | None = None) -> None:
    parser = ArgumentParser(prog="benchmarks.paper", description=__doc__)
    parser.add_argument("--cards", type=int, nargs="*", default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", nargs="*", choices=DOCUMENTS, default=DOCUMENTS)
    options = parser.parse_args(arguments)
    print(f"{machine()}; median of {options.rounds}")
    with folder() as path:
        os.environ |= {"CJM_VAR": str(path), "DJANGO_SETTINGS_MODULE": "cjm.settings"}
        django.setup()
        logging.disable(logging.INFO)
        with _chromium() as launch, launch() as browser:
            for name, story in _stories(options.cards):
                for document in options.documents:
                    made = Document(story, document)
                    _compare(f"{document}, {name}", made, browser, launch, options.rounds)


def _stories(sizes: list[int]) -> Iterator[tuple[str, object]]:
    """The demo maps, and one of them laid over itself."""
    from django.core.management import call_command
    from django.utils import timezone

    from journeys.catalogues import demo_maps
    from journeys.edits.maps import create_map
    from journeys.formats.read import read
    from reports.story import story_of
    from teams.actors import member
    from teams.models import Membership, Role, User, Workspace

    from .prepare import plan_of

    call_command("migrate", verbosity=0)
    boris = User.objects.create_user("boris@example.org", name="Boris")
    workspace = Workspace.objects.create(name="Цветы", slug="flowers")
    Membership.objects.create(workspace=workspace, user=boris, role=Role.EDITOR)
    plans = [read("map.json", file)[0] for file in demo_maps("ru")]
    for plan in [*plans, *(plan_of(size) for size in sizes)]:
        cards = len(plan.cards)
        journey = create_map(plan, workspace=workspace, by=member(boris))
        yield f"{cards} cards", story_of(journey, timezone.localdate())


class Document:
    """A document of a story: how we make it, and the pages that Chromium prints."""

    def __init__(self, story, document: str):
        from django.core.serializers.json import DjangoJSONEncoder

        from reports.sheets import Options

        self.cards = sum(len(cell) for lane in story.lanes for cell in lane.cells)
        self.story = json.dumps(asdict(story), cls=DjangoJSONEncoder)
        self.options = Options(document=document)

    def request(self) -> dict:
        return {"story": self.story, "options": asdict(self.options)}

    def pages(self) -> list[str]:
        """What we set at last, without the passes that measured: a page of HTML for each part."""
        from django.utils import translation

        from reports import booklet, sheets, typeset

        endless = f"{sheets.ENDLESS}.00mm"
        found: list[str] = []

        class Setter(typeset.Setter):
            def html(self, template, look, context):
                html = super().html(template, look, context)
                if endless not in html:
                    links = "".join(
                        f'<link rel="stylesheet" href="asset:css/{name}.css">'
                        for name in ("paper", look)
                    )
                    whole = html.replace("<style>", f"{links}<style>", 1)
                    found.append(whole.replace("asset:", ORIGIN))
                return html

        story = typeset.story_from(self.story)
        with translation.override(story.language):
            if self.options.document == sheets.POSTER:
                Setter(story, lambda share: None).set(self.options)
                return found[-1:]
            binder = booklet._Binder(story, lambda share: None)
            binder.setter = Setter(story, lambda share: None)
            binder.report()
        return found


# What is measured: a poster on A3, and the short report.
DOCUMENTS = ("poster", "report")


def _compare(name: str, document, browser, launch, rounds: int) -> None:
    from reports.render import Worker

    worker = Worker()
    pages, request = document.pages(), document.request()
    taken: dict[str, list[float]] = {"ours": [], "ready": [], "started": []}
    sizes = {}

    def print_all(browser) -> bytes:
        return b"".join(_print(browser, html) for html in pages)

    def start_and_print() -> bytes:
        with launch() as another:
            return print_all(another)

    try:
        for number in range(rounds + 1):
            for who, make in (
                ("ours", lambda: worker.run(request, lambda share: None, lambda: True).data),
                ("ready", lambda: print_all(browser)),
                ("started", start_and_print),
            ):
                start = perf_counter()
                sizes[who] = len(make())
                if number:
                    taken[who].append(perf_counter() - start)
        memory = _peak([worker.process.pid])
    finally:
        worker.end()
    ours, ready, started = (median(taken[who]) for who in taken)
    goal = f" (goal {GOALS[document.cards]})" if document.cards in GOALS else ""
    print(
        f"{name}: ours {ours:.2f} s, {memory} MB, {sizes['ours'] // 1024} KB;"
        f" chromium {ready:.2f} s, with its start {started:.2f} s,"
        f" {_peak(_family(os.getpid()))} MB, {sizes['ready'] // 1024} KB;"
        f" ratio {ours / ready:.2f}, with its start {ours / started:.2f}{goal}",
        flush=True,
    )


@contextmanager
def _chromium() -> Iterator[Callable]:
    """Starts browsers: each is a context."""
    from playwright.sync_api import sync_playwright

    from tests.support import chromium

    # Playwright's loop runs in this thread, and Django would refuse to touch its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield lambda: playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.arguments()
        )


def _print(browser, html: str) -> bytes:
    from reports.assets import Assets

    assets = Assets()

    def answer(route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "page":
            route.fulfill(body=html, content_type="text/html")
            return
        found = assets.fetch(f"asset:{path}")
        body = found.read()
        if path.startswith("css/"):
            body = body.replace(b"asset:", ORIGIN.encode())
        route.fulfill(body=body, content_type=found.headers["Content-Type"])

    page = browser.new_page()
    try:
        page.route("**/*", answer)
        page.goto(f"{ORIGIN}page")
        return page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    finally:
        page.close()


def _family(pid: int) -> list[int]:
    """Chromium's processes: descendants of ours by that name."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                name, _, rest = (entry / "stat").read_text().rpartition(")")
            except OSError:
                continue
            parents[int(entry.name)] = int(rest.split()[1]), name.partition("(")[2]

    def descends(process: int) -> bool:
        while process in parents:
            process = parents[process][0]
            if process == pid:
                return True
        return False

    return [process for process in parents if "chrom" in parents[process][1] and descends(process)]


def _peak(pids: list[int]) -> int:
    """The most memory that processes had, in megabytes."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                total += int(line.split()[1])
    return total // 1024


if __name__ == "__main__":
    main()
