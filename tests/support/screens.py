"""A screen kept in memory: frames are applied to the page that was loaded, then compared with a
fresh one. What a browser would show must be what the server would draw."""

from xml.etree.ElementTree import Element

import tinyhtml5
from django.template.loader import get_template

from changes.models import Frame
from journeys import drawing
from journeys.fragments import BOARD
from journeys.models import Journey
from journeys.reads import board as reads
from teams.actors import Actor


class Screen:
    """One open map of one actor."""

    def __init__(self, journey: Journey, actor: Actor):
        self.journey, self.actor = journey, actor
        self.load()

    def load(self) -> None:
        """As a reload would: the number first, then the rows."""
        journey = Journey.objects.get(pk=self.journey.pk)
        self.seq = journey.seq
        html, _board = drawing.board(journey, self.actor)
        said = {"journey": journey, "personas": reads.personas_of(journey)}
        head = get_template("journeys/map.html#head").render(said)
        self.page = _parse(f'<div id="screen">{head}{html}</div>')

    def catch_up(self) -> None:
        """Applies the frames since, as the stream would bring them."""
        frames = Frame.objects.filter(
            document_id=self.journey.pk, seq__gt=self.seq, audience__in=self.actor.audiences
        ).order_by("seq")
        for frame in frames:
            assert frame.seq == self.seq + 1
            if BOARD in frame.html:
                self.load()
            else:
                self.apply(frame.html)
            self.seq = frame.seq

    def apply(self, html: str) -> None:
        for partial in _parse(html).iter("hx-partial"):
            assert partial.get("hx-swap") == "outerMorph"
            target = partial.get("hx-target").removeprefix("#")
            (new,) = list(partial)
            assert new.get("id") == target, f"{target} is replaced by {new.get('id')}"
            parent, index = self._find(target)
            parent[index] = new

    def _find(self, target: str) -> tuple[Element, int]:
        for parent in self.page.iter():
            for index, child in enumerate(parent):
                if child.get("id") == target:
                    return parent, index
        raise AssertionError(f"#{target} is not on the screen")

    @property
    def shown(self) -> str:
        """The board and what stands above it, as comparable text."""
        (screen,) = [node for node in self.page.iter() if node.get("id") == "screen"]
        return "\n".join(_lines(screen))


def _parse(html: str) -> Element:
    return tinyhtml5.parse(f"<!doctype html><body>{html}", namespace_html_elements=False)


def _lines(node: Element, depth: int = 0) -> list[str]:
    pad = " " * depth
    if not isinstance(node.tag, str):  # a comment
        return []
    attributes = "".join(f' {name}="{value}"' for name, value in sorted(node.attrib.items()))
    lines = [f"{pad}<{node.tag}{attributes}>"]
    if text := " ".join((node.text or "").split()):
        lines.append(f"{pad} {text}")
    for child in node:
        lines += _lines(child, depth + 1)
        if tail := " ".join((child.tail or "").split()):
            lines.append(f"{pad} {tail}")
    return lines


def assert_screens_agree(journey: Journey, actor: Actor, act) -> None:
    """Loads a screen, does `act()`, applies the frames, and compares with a fresh screen."""
    screen = Screen(journey, actor)
    act()
    screen.catch_up()
    fresh = Screen(journey, actor)
    assert screen.seq == fresh.seq
    assert screen.shown == fresh.shown
