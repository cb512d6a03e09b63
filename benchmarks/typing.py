"""From the press of a key until its letter is on the screen, in a card of a map of 3,000 cards
against a card of an map of ten, in Chromium on the real server.

Measured in the page: from the key's own time stamp until the frame that shows the letter has been
painted. The two maps are typed in by turns.
"""

from argparse import ArgumentParser
from contextlib import ExitStack
from statistics import median, quantiles
from typing import TYPE_CHECKING

from .site import Site, folder, machine

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FRAME = 1000 / 60
CLOCK = """
window.taken = [];
addEventListener("keydown", ({ timeStamp, key }) => {
  if (key.length > 1) return;
  requestAnimationFrame(() => {
    const painted = new MessageChannel();
    painted.port1.onmessage = () => window.taken.push(performance.now() - timeStamp);
    painted.port2.postMessage(null);
  });
}, true);
"""
WORDS = "Звонит и спрашивает, когда привезут "


def main(arguments: list[str] | None = None) -> None:
    parser = ArgumentParser(prog="benchmarks.typing", description=__doc__)
    parser.add_argument("--cards", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    print(f"{machine()}; {options.rounds} rounds of {len(WORDS)} letters")

    from playwright.sync_api import sync_playwright

    from tests.support import chromium

    with ExitStack() as stack:
        sites = {
            cards: stack.enter_context(Site(stack.enter_context(folder()), cards=cards).served())
            for cards in (options.cards, 10)
        }
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.arguments()
        )
        pages = {cards: _open(browser, site) for cards, site in sites.items()}
        taken: dict[int, list[float]] = {cards: [] for cards in pages}
        for _round in range(options.rounds):
            for cards, page in pages.items():
                taken[cards] += _typed(page)
        browser.close()
    for cards, figures in taken.items():
        print(
            f"{cards} cards: median {median(figures):.1f} ms,"
            f" 95 of 100 within {quantiles(figures, n=20)[-1]:.1f} ms (a frame is {FRAME:.1f})"
        )
    many, few = (median(figures) for figures in taken.values())
    print(f"ratio {many / few:.2f}; a frame more at most: {many - few <= FRAME}")


def _open(browser: "Browser", site: Site) -> "Page":
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    url = f"http://localhost:{site.address[1]}"
    for part in site.cookie.split("; "):
        name, _equals, value = part.partition("=")
        context.add_cookies([{"url": url, "name": name, "value": value}])
    page = context.new_page()
    page.add_init_script(CLOCK)
    page.goto(url + site.page)
    page.wait_for_selector("#people .avatar")
    return page


def _typed(page: "Page") -> list[float]:
    """A new card below the first one, typed and kept; the milliseconds of each letter."""
    page.evaluate("window.taken.length = 0")
    page.bring_to_front()
    page.locator("#board .card").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.type(WORDS, delay=40)
    page.keyboard.press("Escape")
    return page.evaluate("window.taken")


if __name__ == "__main__":
    main()
