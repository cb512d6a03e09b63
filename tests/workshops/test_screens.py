"""What each screen of a workshop shows, step by step."""

import pytest
from django.urls import reverse

from changes.models import Frame
from journeys.edits.cards import edit_card
from journeys.fragments import LATER, WORD
from teams.actors import TEAM
from tests.support.people import signed_in
from workshops import access
from workshops.actors import actor_of
from workshops.agendas import BY_KEY
from workshops.edits import guests, meeting, voting
from workshops.models import Step, Workshop

pytestmark = pytest.mark.one_engine


@pytest.fixture
def panel(anna, room):
    client = signed_in(anna)
    return lambda: client.get(reverse("lead", args=[room.pk]))


def wall_of(client, room):
    return client.get(reverse("wall", args=[room.workshop.wall_token]))


def test_people_join_by_the_link_with_a_name_alone(client, room):
    path = reverse("enter", args=[room.workshop.token])
    assert client.get(path).status_code == 200
    answer = client.post(path, {"name": " Marina "}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("room", args=[room.pk])
    assert "Marina" in answer.content.decode()
    assert client.get(path, follow=True).redirect_chain  # comes back as herself


def test_a_name_that_is_taken_gets_a_number(client, room):
    room.join("Marina")
    assert room.join("marina").name == "marina 2"


def test_the_link_may_be_typed_in_small_letters(client, room):
    assert client.get(reverse("enter", args=[room.workshop.token.lower()])).status_code == 200


def test_the_code_leads_to_the_link_in_both_scripts(client, room):
    code = room.workshop.code
    cyrillic = code.translate(str.maketrans("ABEKMHPCTYX", "АВЕКМНРСТУХ"))
    for typed in (code, cyrillic.lower(), f"{code[:4]}-{code[4:]}", f" {code[:4]} {code[4:]}"):
        answer = client.post(reverse("type_code"), {"code": typed})
        assert answer["Location"] == reverse("enter", args=[room.workshop.token]), typed


def test_the_wall_shows_how_to_come_in(client, room):
    page = wall_of(client, room).content.decode()
    assert "<svg" in page and "testserver/go" in page
    assert f"{room.workshop.code[:4]}-{room.workshop.code[4:]}" in page


def test_preparing_shows_the_agenda_and_the_code_to_be_checked(anna, bouquet):
    browser = signed_in(anna)
    path = reverse("new_workshop", args=[bouquet.pk])
    assert browser.get(path).status_code == 200
    answer = browser.post(path, {"agenda": "curve"}, follow=True)
    page = answer.content.decode()
    assert page.count('class="step"') == 4 and 'class="qr"' in page


def test_a_closed_entry_lets_nobody_in(client, room):
    code = room.workshop.code
    meeting.close_entry(room.workshop, by=room.by)
    assert client.post(reverse("type_code"), {"code": code}).status_code == 422
    answer = client.post(reverse("enter", args=[room.workshop.token]), {"name": "Late"})
    assert answer.status_code == 422
    assert not room.workshop.guests.exists()


@pytest.mark.parametrize("kind", Step.Kind.values)
def test_every_kind_of_step_is_drawn_on_all_screens_in_both_languages(kind, client, room, panel):
    marina = room.join("Marina")
    step = room.step(kind) or room.step("vote")
    if step.kind != kind:
        step.kind, step.aspect = kind, "effort"
        step.save()
    room.go(step)
    phone = room.client(marina)
    for language in ("ru", "en"):
        for browser in (client, phone):
            browser.cookies["language"] = language
        for again in range(2):
            assert panel().status_code == 200
            assert wall_of(client, room).status_code == 200
            assert phone.get(reverse("room", args=[room.pk])).status_code == 200
            if not again and Step.objects.get(pk=step.pk).is_secret:
                room.reveal()


def test_rated_answers_are_drawn(client, room, panel):
    marina, igor = room.join("Marina"), room.join("Igor")
    for aspect in Step.Aspect.values:
        step = room.step("vote") or room.step("rate")
        step.kind, step.aspect, step.revealed_at = "rate", aspect, None
        step.save()
        room.go(step)
        from workshops.reads.ballot import subjects

        step = Step.objects.get(pk=step.pk)
        for one in subjects(step)[:2]:
            for name in voting.ASPECTS[aspect]:
                for guest, value in ((marina, 1), (igor, 4)):
                    voting.rate(guest, step=step.pk, subject=one.ref, aspect=name, value=value)
        room.reveal()
        assert b"strip-median" in panel().content
        assert b"strip-median" in wall_of(client, room).content
        assert b"strip-median" in room.client(marina).get(reverse("room", args=[room.pk])).content


def test_the_wall_of_a_hidden_step_has_counts_and_no_words(client, writing_room):
    found = writing_room
    found.room.write(found.marina, "CANARY in the shop", found.stages[3])
    page = wall_of(client, found.room).content.decode()
    assert "CANARY" not in page
    assert page.count('class="slip"') == 1
    found.room.reveal()
    assert "CANARY" in wall_of(client, found.room).content.decode()


def test_the_outcome_is_a_page_and_a_table(anna, client, writing_room):
    found = writing_room
    found.room.write(found.marina, "=HYPERLINK(1)")
    found.room.reveal()
    step = found.room.step("vote")
    step.lane = found.step.lane
    step.save()
    step = found.room.go(step)
    from workshops.reads.ballot import candidates

    card = next(one for one in candidates(step) if one.text.startswith("=HYPER"))
    voting.vote(found.marina, step=step.pk, card=card.pk, count=2)
    found.room.reveal()
    meeting.end(found.room.workshop, by=found.room.by)
    browser = signed_in(anna)
    assert "HYPERLINK" in browser.get(reverse("outcome", args=[found.room.pk])).content.decode()
    table = browser.get(reverse("votes_csv", args=[found.room.pk])).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in table
    assert "Marina" not in table


def test_the_outcome_can_be_read_by_a_link_until_it_is_taken_back(anna, client, room):
    meeting.end(room.workshop, by=room.by)
    browser = signed_in(anna)
    browser.post(reverse("share_outcome", args=[room.pk]))
    path = reverse("shared_outcome", args=[room.workshop.outcome_token])
    assert client.get(path).status_code == 200
    browser.post(reverse("share_outcome", args=[room.pk]))
    assert client.get(path).status_code == 404


def test_phones_are_told_later_of_what_changes_on_the_map(writing_room):
    """A card is put right while the room votes on it; hidden cards stay between two."""
    found = writing_room
    room = found.room.workshop.room

    def told() -> str:
        frame = Frame.objects.filter(document_id=found.room.workshop.journey_id)
        return frame.filter(audience=room).order_by("seq").values_list("html", flat=True).last()

    pk = found.room.write(found.igor, "Rude staff")
    found.room.reveal()
    assert told() == WORD.format("room")
    edit_card(found.room.workshop.journey_id, pk, fields={"text": "Ruder"}, by=found.room.by)
    assert told() == LATER
    before = Frame.objects.filter(audience=room).count()
    found.room.go(found.room.step("write", "solution"))
    found.room.write(found.igor, "Hidden still")
    assert Frame.objects.filter(audience=room).count() == before + 1
    guests.say_done(found.igor, True, by=actor_of(found.igor))
    assert told() == LATER


def test_a_hidden_card_draws_nothing_on_the_team_s_board(writing_room):
    found = writing_room
    found.room.write(found.igor, "Rude staff")
    frames = Frame.objects.filter(document_id=found.room.workshop.journey_id, audience="team")
    assert frames.order_by("seq").last().html == ""
    found.room.reveal()
    assert "Rude staff" in frames.order_by("seq").last().html


# --- the wall on a participant's own screen ------------------------------------------------------


def test_the_wall_is_drawn_into_the_screen_of_who_looks_at_it(writing_room):
    found = writing_room
    found.room.write(found.igor, "CANARY", found.stages[2])
    path, phone = reverse("room_screen", args=[found.room.pk]), found.room.client(found.marina)
    assert "wall-here" not in phone.get(path).text
    phone.cookies["wall"] = "1"
    page = phone.get(path).text
    assert page.count('class="slip"') == 1 and "CANARY" not in page
    # The answer to an act is the same screen.
    answer = phone.post(reverse("say_done", args=[found.room.pk]), {"done": "1"})
    assert "wall-here" in answer.text


def test_the_wall_beside_ones_own_speaks_the_rooms_language(writing_room):
    found = writing_room
    phone = found.room.client(found.marina)
    phone.cookies["wall"], phone.cookies["language"] = "1", "en"
    page = phone.get(reverse("room_screen", args=[found.room.pk])).text
    wall = page.partition('id="wall-here"')[2]
    assert "Step 2 of 6" in page.partition('id="wall-here"')[0] and "Шаг 2 из 6" in wall


def test_who_looks_at_the_wall_hears_what_it_hears(writing_room):
    found = writing_room
    ws = found.room.workshop
    session = found.room.client(found.marina).session
    plain = access.watched(session, None, ws.journey_id, ws.pk, "")
    looking = access.watched(session, None, ws.journey_id, ws.pk, access.HERE)
    assert plain and ws.desk not in plain.audiences
    assert looking and ws.desk in looking.audiences
    assert access.watched({}, None, ws.journey_id, ws.pk, access.HERE) is None


# --- a phone tries the link ----------------------------------------------------------------------

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148"


def test_only_a_phone_that_came_by_the_link_is_counted(client, anna, bouquet, by_anna):
    made = meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna)
    path = reverse("phone_seen", args=[made.token])
    seen = lambda: Workshop.objects.get(pk=made.pk).checked_at  # noqa: E731
    assert client.get(reverse("enter", args=[made.token])).status_code == 200
    client.post(path)
    client.post(path, headers={"User-Agent": "Mozilla/5.0 (X11; Linux)"})
    client.post(path, headers={"User-Agent": PHONE, "Host": "127.0.0.1"})
    assert seen() is None
    client.post(path, headers={"User-Agent": PHONE})
    assert seen()
    panel = signed_in(anna).get(reverse("check_phone", args=[made.pk]))
    assert "check-seen" in panel.text and int(panel["X-Seq"]) > 0
    meeting.open_entry(made, by=by_anna)
    assert client.post(path, headers={"User-Agent": PHONE}).status_code == 409
    assert signed_in(anna).get(reverse("check_phone", args=[made.pk])).status_code == 404


# --- people at the map ---------------------------------------------------------------------------


def test_the_map_tells_of_a_workshop_by_what_one_may_open(anna, vera, bouquet, by_anna):
    path = reverse("workshop_now", args=[bouquet.pk])
    made = meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna)
    assert signed_in(anna).get(path).content == b""
    meeting.open_entry(made, by=by_anna)
    lead, wall = reverse("lead", args=[made.pk]), reverse("wall", args=[made.wall_token])
    assert lead in signed_in(anna).get(path).text
    seen = signed_in(vera).get(path).text
    assert wall in seen and lead not in seen
    meeting.end(made, by=by_anna)
    assert signed_in(vera).get(path).content == b""


def test_the_maps_screens_are_told_who_comes_and_nothing_of_what_is_given(writing_room):
    found = writing_room
    word = 'hx-target="#workshop-word"'
    told = Frame.objects.filter(document=found.room.workshop.journey_id, audience=TEAM)
    before = told.filter(html__contains=word).count()
    found.room.write(found.marina, "CANARY")
    assert told.filter(html__contains=word).count() == before
    found.room.join("Anya")
    assert told.filter(html__contains=word).count() == before + 1
