"""The page of a map with 3,000 cards: drawn by the server, and shown by a browser.

Server: the page with the faces of its cards drawn before, against the same page with none drawn,
where the templates draw each card. Browser: from the document until two frames after it has
loaded, against the same page with `content-visibility` switched off. Both take turns.
"""

import http.client
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from statistics import median

from .site import ROOT, Site, folder, machine

PLAIN = "*, *::before, *::after { content-visibility: visible !important }"
SHEET = f"""
const sheet = new CSSStyleSheet();
sheet.replaceSync({PLAIN!r});
document.adoptedStyleSheets = [sheet];
"""
CLOCK = """
addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(
  () => { window.twoFrames = performance.now(); })));
"""


def main(arguments: list[str] | None = None) -> None:
    parser = ArgumentParser(prog="benchmarks.page", description=__doc__)
    parser.add_argument("--cards", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--without-browser", action="store_true")
    options = parser.parse_args(arguments)
    print(f"{machine()}; {options.cards} cards, median of {options.rounds}")
    with folder() as path:
        site = Site(path, cards=options.cards)
        with site.served():
            # In a process that has the application; its data are those of the site.
            command = ["-m", "benchmarks.page_server", site.map, site.cookie, str(options.rounds)]
            subprocess.run([sys.executable, *command], cwd=ROOT, env=site.environment, check=True)
            if not options.without_browser:
                _in_browser(site, options.rounds)


def in_turns(acts: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median milliseconds of each act; all act once unmeasured."""
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for number in range(rounds + 1):
        for name, act in acts.items():
            milliseconds = act()
            if number:
                taken[name].append(milliseconds)
    return {name: median(figures) for name, figures in taken.items()}


def told(what: str, figures: dict[str, float], goal: float) -> None:
    (name, ours), (other, theirs) = figures.items()
    print(
        f"{what}: {name} {ours:.0f} ms, {other} {theirs:.0f} ms,"
        f" ratio {ours / theirs:.2f} (goal {goal})",
        flush=True,
    )


def _in_browser(site: Site, rounds: int) -> None:
    from playwright.sync_api import Browser, Route, sync_playwright

    from tests.support import chromium

    url = f"http://localhost:{site.address[1]}"
    html = _html(site)

    def answer(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html")

    def load(browser: Browser, *scripts: str) -> float:
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        try:
            context.add_cookies(
                [
                    {"url": url, "name": name, "value": value}
                    for name, _, value in (part.partition("=") for part in site.cookie.split("; "))
                ]
            )
            page = context.new_page()
            page.add_init_script(";".join([CLOCK, *scripts]))
            # The document comes from memory: the server's time is not what is measured here.
            page.route(
                url + site.page, lambda route: route.fulfill(body=html, content_type="text/html")
            )
            page.goto(url + site.page)
            page.wait_for_function("window.twoFrames")
            return page.evaluate("window.twoFrames")
        finally:
            context.close()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.arguments()
        )
        acts = {
            "as it is": lambda: load(browser),
            "without content-visibility": lambda: load(browser, SHEET),
        }
        told("browser", in_turns(acts, rounds), goal=0.6)
        browser.close()


def _html(site: Site) -> str:
    connection = http.client.HTTPConnection(*site.address)
    connection.request("GET", site.page, headers={"Cookie": site.cookie})
    response = connection.getresponse()
    html = response.read().decode()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{site.page} answered {response.status}")
    return html


if __name__ == "__main__":
    main()
