"""The outcome of a workshop as its readers get it on paper."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from journeys.edits import cards, versions
from reports.models import Printout
from reports.outcome import (
    Answers,
    Decided,
    OutcomeStory,
    Rated,
    Rating,
    Stage,
    Task,
    Vote,
    story_of_outcome,
)
from reports.render import make_document
from reports.sheets import OUTCOME, Options
from tests.support.payloads import PAYLOADS, URLS
from tests.support.people import signed_in
from tests.workshops.conftest import Room, room, writing_room  # noqa: F401 fixtures
from workshops.edits import deciding, meeting, voting
from workshops.reads.ballot import candidates, subjects

from .conftest import read, words
from .test_poster import tags

pytestmark = pytest.mark.one_engine

printed = cache(make_document)
LONG = "Call back within ten minutes and ask for the address, the day and the wrapping. " * 4
# By who people are: votes; how many answered and their median.
VOTES = (("Staff", 6), ("Newcomers", 2))
PARTS = (("Staff", 8, 1), ("Newcomers", 3, -4.5))
STORY = OutcomeStory(
    title="Vasily buys a bouquet",
    language="en",
    day=date(2026, 11, 24),
    version=212,
    ended=True,
    minutes=47,
    led_by="Olga",
    people=2,
    names=("Anya", "Pyotr"),
    votes=(
        Vote(
            "What do we do?",
            12,
            36,
            (
                Decided(1, False, "Standard of service", ("Rude staff",), "", 3, 5, 8, VOTES),
                Decided(2, True, "A bell at the desk", ("Nobody there", "Waiting"), "", 2, 5, 5),
                Decided(2, True, "Calendar of dates", (), "Staying in touch", None, None, 5),
            ),
            6,
            3,
        ),
    ),
    tasks=(
        Task("Hang the bell", "Svetlana", date(2026, 12, 4), "A bell at the desk"),
        Task("Train the staff", "", None, "Standard of service"),
    ),
    ratings=(
        Rating(
            "How does he feel?",
            (Rated("Visit", (Answers("Feeling", 11, 2.5, -5, 3, (-5, 5), PARTS),)),),
        ),
    ),
    stages=(
        Stage("Search", (1,), (1,), (("Barriers", 2),)),
        Stage("Visit", (-3,), (-5,), ()),
    ),
)
EMPTY = replace(STORY, people=0, names=(), votes=(), tasks=(), ratings=(), stages=())


def paper(story: OutcomeStory) -> PdfReader:
    return read(printed(story, Options(document=OUTCOME)))


def test_all_that_was_decided_is_said():
    text = words(paper(STORY))
    for said in (
        "Vasily buys a bouquet", "24 Nov 2026, 47 minutes. Olga led, 2 participants.",
        "We decided 12 people, 36 votes", "1 Standard of service Rude staff", "3 × 5",
        "Staff 6 · Newcomers 2", "Staff +1 (8) · Newcomers −4.5 (3)",
        "A bell at the desk Nobody there; Waiting", "a tie", "Calendar of dates Staying in touch",
        "not rated", "6 more with fewer votes, 3 without any",
        "Hang the bell A bell at the desk Svetlana 4 Dec", "nobody yet no date",
        "How does he feel?", "Visit Feeling +2.5 −5 … +3 11",
        "was −3 now −5", "+2 Barriers", "Anya, Pyotr", "version 212", "1 / 1",
    ):  # fmt: skip
        assert said in text


def test_what_did_not_happen_has_no_heading():
    text = words(paper(EMPTY))
    assert "there is nothing to tell" in text
    for heading in ("We decided", "Who does what", "What changed", "New on", "Who took part"):
        assert heading not in text
    assert not tags(paper(EMPTY), "/H2")


def test_it_is_tagged_and_its_type_is_embedded():
    reader = paper(STORY)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata.title == STORY.title
    (figure,) = tags(reader, "/Figure")
    assert "Visit −3 → −5" in figure["/Alt"].replace("\xa0", " ")
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].get_object().values():
            font = font.get_object()
            assert re.search("Onest", font["/BaseFont"])
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


@pytest.mark.parametrize("language", ["ru", "en"])
def test_however_much_it_is_two_pages_hold_it(language):
    decided = tuple(
        Decided(place, False, LONG[:300], (LONG[:300],) * 5, "", 2, 3, 30 - place)
        for place in range(1, 13)
    )
    full = replace(
        STORY,
        title=LONG[:300],
        language=language,
        names=tuple(f"Participant {number}" for number in range(300)),
        votes=(replace(STORY.votes[0], question=LONG[:200], decided=decided),) * 2,
        tasks=tuple(
            Task(LONG[:300], LONG[:60], date(2026, 12, 1), LONG[:300]) for _number in range(40)
        ),
        ratings=(Rating(LONG[:200], (Rated(LONG[:300], STORY.ratings[0].rated[0].answers),) * 20),)
        * 2,
        stages=STORY.stages * 30,
    )
    reader = paper(full)
    assert len(reader.pages) == 2
    with translation.override(language):
        rest = translation.ngettext(
            "and %(count)s more on the page of the outcome",
            "and %(count)s more on the page of the outcome",
            240,
        )
    assert "Participant 59" in words(reader)
    assert rest % {"count": 240} in words(reader)


def test_forty_long_tasks_all_stand_on_two_pages():
    tasks = tuple(
        Task(f"Task {number}: {LONG[:290]}", "Svetlana", None, "") for number in range(40)
    )
    reader = paper(replace(STORY, tasks=tasks))
    assert len(reader.pages) == 2
    assert all(f"Task {number}:" in words(reader) for number in range(40))


def test_hostile_texts_are_words():
    tasks = tuple(Task(text, text, None, text) for text in [*URLS, *PAYLOADS[::7]][:60])
    reader = paper(replace(STORY, title=URLS[0], names=tuple(PAYLOADS[:5]), tasks=tasks))
    assert len(reader.pages) <= 2
    assert not any("/Annots" in page for page in reader.pages)


# --- from the workshop ----------------------------------------------------------------------------


@pytest.fixture
def finished(writing_room, part, by_anna):  # noqa: F811
    """A barrier was written, a solution chosen and rated, a task given."""
    found = writing_room
    found.room.write(found.marina, "Nobody answers")
    found.room.reveal()
    step = found.room.go(found.room.step("vote"))
    chosen = candidates(step).first()
    voting.vote(found.igor, step=step.pk, card=chosen.pk, count=2)
    found.room.reveal()
    deciding.add_task(
        found.room.workshop,
        solution=chosen.pk,
        text="Hang the bell",
        owner="",
        due=None,
        by=by_anna,
    )
    if step := found.room.step("rate"):
        step = found.room.go(step)
        about = subjects(step)[0]
        aspect = next(iter(voting.ASPECTS[step.aspect]))
        voting.rate(found.igor, step=step.pk, subject=about.ref, aspect=aspect, value=4)
        found.room.reveal()
    meeting.end(found.room.workshop, by=by_anna)
    return found.room


def test_the_story_is_what_the_page_shows(finished):
    story = story_of_outcome(finished.pk, date(2026, 11, 24))
    assert story.names == ("Marina", "Igor")
    assert [one.votes for one in story.votes[-1].decided] == [2]
    assert any(task.text == "Hang the bell" and not task.due for task in story.tasks)
    assert sum(count for stage in story.stages for _lane, count in stage.new) == 1


def test_the_outcome_is_downloaded_and_made_once(anna, finished):
    browser = signed_in(anna)
    page = browser.get(reverse("outcome", args=[finished.pk])).content.decode()
    path = reverse("outcome_pdf", args=[finished.pk])
    assert path in page
    for _again in range(2):
        answer = browser.post(path)
        assert answer["Content-Type"] == "application/pdf"
        assert "Igor" in words(PdfReader(BytesIO(answer.content)))
    assert Printout.objects.count() == 1


def test_who_is_not_in_the_team_gets_none(gleb, client, finished):
    path = reverse("outcome_pdf", args=[finished.pk])
    assert signed_in(gleb).post(path).status_code == 404
    assert client.post(path)["Location"].startswith("/sign-in/")


def test_whoever_has_the_link_gets_the_same_file_until_it_is_taken_back(anna, client, finished):
    browser = signed_in(anna)
    browser.post(reverse("share_outcome", args=[finished.pk]))
    token = finished.workshop.outcome_token
    path = reverse("shared_outcome_pdf", args=[token])
    assert path in client.get(reverse("shared_outcome", args=[token])).content.decode()
    assert client.post(path).content[:5] == b"%PDF-"
    browser.post(reverse("share_outcome", args=[finished.pk]))
    assert client.post(path).status_code == 404


def test_a_changed_map_is_told_anew(anna, finished, part, by_anna):
    browser, path = signed_in(anna), reverse("outcome_pdf", args=[finished.pk])
    browser.post(path)
    cards.edit_card(
        finished.workshop.journey_id, part("goa-01").pk, fields={"text": "Newer"}, by=by_anna
    )
    browser.post(path)
    assert Printout.objects.filter(state=Printout.State.DONE).count() == 2


def test_a_failure_is_said_on_the_page(anna, finished, monkeypatch):
    from reports import jobs
    from reports.render import RenderError

    def fail(*args, **more):
        raise RenderError("no")

    monkeypatch.setattr(jobs, "make_document", fail)
    answer = signed_in(anna).post(reverse("outcome_pdf", args=[finished.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("outcome", args=[finished.pk])
    assert "toast" in answer.content.decode()


def test_paper_says_what_was_decided_though_the_map_goes_back(finished, by_anna):
    before = story_of_outcome(finished.pk, date(2026, 11, 24))
    workshop = finished.workshop
    versions.restore_version(workshop.journey_id, workshop.before_id, by=by_anna)
    assert story_of_outcome(finished.pk, date(2026, 11, 24)) == before


def test_what_changed_stands_before_what_was_answered():
    text = words(paper(STORY))
    assert (
        text.index("Hang the bell") < text.index("What changed") < text.index("How does he feel?")
    )


def test_nobody_counts_where_nobody_voted():
    nothing = replace(STORY.votes[0], voters=0, sum=0, decided=())
    text = words(paper(replace(STORY, votes=(nothing,))))
    assert "Nobody has voted." in text and "0 people" not in text
