"""Several people at once, each in a thread with a connection of its own.

Numbers come without gaps and once each, nothing that was accepted is lost, nobody waits for ever.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections
from django.http import HttpResponse

from changes.models import Change, Conflict
from journeys.models import Card, Owner, Stage
from tests.support.people import signed_in
from tests.support.routes import make_world
from ui.ids import uuid7

PEOPLE = 4  # fewer than the connections of one process

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ours(anna, flowers):
    return make_world(flowers, anna)


@pytest.fixture
def at_once(ours, anna, boris):
    """Posts all of these at the same moment, Anna and Boris in turn; gives the answers. Then
    looks whether the map's history is whole."""
    clients = [signed_in(person) for person in (anna, boris) * (PEOPLE // 2)]

    def run(posts: Sequence[tuple[str, dict]]) -> list[HttpResponse]:
        start = Barrier(len(posts))

        def post(number: int) -> HttpResponse:
            path, fields = posts[number]
            try:
                start.wait(10)
                return clients[number].post(f"/maps/{ours.map.pk}/{path}", fields)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(posts)) as threads:
            answers = list(threads.map(post, range(len(posts)), timeout=30))
        assert all(answer.status_code < 500 for answer in answers), answers
        assert_whole(ours.map)
        return answers

    return run


def assert_whole(journey) -> None:
    """Numbers from 1 to the last, each once, and a frame for each but the first."""
    journey.refresh_from_db()
    seqs = list(journey.changes.values_list("seq", flat=True))
    assert seqs == list(range(1, journey.seq + 1))
    assert set(journey.frames.values_list("seq", flat=True)) == set(seqs) - {1}


def each(make: Callable[[int], tuple[str, dict]]) -> list[tuple[str, dict]]:
    return [make(number) for number in range(PEOPLE)]


def test_words_typed_into_one_card_are_all_kept(ours, at_once):
    base = "one two three four"
    Card.objects.filter(pk=ours.card["text"].pk).update(text=base)
    Conflict.objects.all().delete()
    words = base.split()
    texts = [base.replace(word, word.upper()) for word in words]
    path = f"cards/{ours.card['text'].pk}/"
    at_once(each(lambda number: (path, {"text": texts[number], "base": base})))
    ours.card["text"].refresh_from_db()
    assert ours.card["text"].text == base.upper()


def test_the_same_word_typed_by_all_waits_for_a_choice(ours, at_once):
    Conflict.objects.all().delete()
    path = f"cards/{ours.card['text'].pk}/"
    at_once(each(lambda number: (path, {"text": f"version {number}", "base": "A text"})))
    ours.card["text"].refresh_from_db()
    kept = {ours.card["text"].text, *Conflict.objects.values_list("mine", flat=True)}
    # One open choice a person: what somebody typed on replaces what waited of them.
    assert len(kept) >= 2
    said = str(list(Change.objects.values_list("after", flat=True)))
    assert all(f"version {number}" in said for number in range(PEOPLE))


def test_cards_added_behind_one_card_stand_in_places_of_their_own(ours, at_once):
    cell = {"stage": ours.stage["seek"].pk, "lane": ours.lane["text"].pk}
    first = {"after": ours.card["text"].pk, **cell}
    at_once(each(lambda number: ("cards/", {"id": uuid7(), "text": str(number), **first})))
    cards = Card.living.filter(lane=ours.lane["text"], stage=ours.stage["seek"])
    positions = list(cards.values_list("position", flat=True))
    assert len(positions) == PEOPLE + 1 == len(set(positions))


def test_one_card_moved_by_all_stands_in_one_place(ours, at_once):
    path = f"cards/{ours.card['text'].pk}/move/"
    lanes = ["text", "owner", "factor", "task"]
    places = [{"stage": ours.stage["buy"].pk, "lane": ours.lane[lane].pk} for lane in lanes]
    answers = at_once([(path, place) for place in places])
    last = max(answers, key=lambda answer: int(answer["X-Seq"]))
    ours.card["text"].refresh_from_db()
    assert ours.card["text"].lane == ours.lane[lanes[answers.index(last)]]


@pytest.mark.parametrize("noun", ["stage", "lane"])
def test_stages_and_lanes_added_at_once_are_all_there(ours, at_once, noun):
    at_once(each(lambda number: (f"{noun}s/", {"id": uuid7(), "name": f"New {number}"})))
    rows = getattr(ours.map, f"{noun}s").filter(name__startswith="New")
    assert len(set(rows.values_list("position", flat=True))) == PEOPLE


def test_an_edit_of_what_is_being_deleted_is_done_or_told(ours, at_once):
    card = ours.card["text"].pk
    edit, delete = (f"cards/{card}/", {"text": "Newer"}), (f"cards/{card}/delete/", {})
    answers = at_once([edit, delete, edit, delete])
    assert {answer.status_code for answer in answers} <= {200, 410}
    assert [answer.status_code for answer in answers[1::2]].count(200) == 1


def test_a_stage_deleted_under_a_new_card_keeps_it(ours, at_once):
    pk = uuid7()
    cell = {"stage": ours.stage["buy"].pk, "lane": ours.lane["text"].pk}
    stage = f"stages/{ours.stage['buy'].pk}/delete/"
    added, deleted = at_once([("cards/", {"id": pk, "text": "x", **cell}), (stage, {})])
    assert deleted.status_code == 200
    assert Card.living.filter(pk=pk).exists() == (added.status_code == 200)


def test_an_undo_beside_an_edit_loses_nobodys_words(ours, at_once, anna):
    path = f"/maps/{ours.map.pk}/cards/{ours.card['text'].pk}/"
    signed_in(anna).post(path, {"text": "A fine text"})
    edit = {"text": "A fine text indeed", "base": "A fine text"}
    at_once([("undo/", {}), (f"cards/{ours.card['text'].pk}/", edit)])
    ours.card["text"].refresh_from_db()
    assert ours.card["text"].text == "A text indeed"


def test_two_undos_of_one_person_take_back_two_steps(ours, at_once, anna):
    for text in ("one", "two", "three"):
        path = f"/maps/{ours.map.pk}/cards/{ours.card['text'].pk}/"
        signed_in(anna).post(path, {"text": text})
    at_once([("undo/", {}), ("redo/", {}), ("undo/", {})])
    ours.card["text"].refresh_from_db()
    assert ours.card["text"].text == "one"


def test_a_choice_made_by_all_counts_once(ours, at_once):
    path = f"conflicts/{ours.conflict.pk}/"
    answers = at_once(each(lambda _number: (path, {"choice": "both"})))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]
    assert Card.living.filter(journey=ours.map, text=ours.conflict.mine).count() == 1


def test_an_owner_named_by_all_is_one_owner(ours, at_once):
    kinds = ["owner", "touchpoint", "solution", "task"]
    at_once(
        each(lambda number: (f"cards/{ours.card[kinds[number]].pk}/", {"owner": " the  Director"}))
    )
    assert Owner.living.filter(journey=ours.map, name="the Director").count() == 1


def test_a_key_posted_by_two_tabs_at_once_counts_once(ours, at_once):
    fields = {"text": "Newer", "key": str(uuid4())}
    path = f"cards/{ours.card['text'].pk}/"
    first, second = at_once([(path, fields), ("edit/", {"goal": "x"}), (path, fields)])[::2]
    assert (first["X-Seq"], first.text) == (second["X-Seq"], second.text)
    assert Change.objects.filter(key=fields["key"]).count() == 1


def test_an_id_used_twice_at_once_is_one_row(ours, at_once):
    fields = {"id": str(uuid7()), "name": "New"}
    answers = at_once(each(lambda _number: ("stages/", fields)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert Stage.objects.filter(pk=fields["id"]).count() == 1


def test_a_map_deleted_twice_at_once_is_one_deletion(ours, at_once):
    answers = at_once([("delete/", {}), ("delete/", {})])
    assert sorted(answer.status_code for answer in answers) == [302, 404]
    assert Change.objects.filter(verb="delete_map").count() == 1
