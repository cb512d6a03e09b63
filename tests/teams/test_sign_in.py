import re
from urllib.parse import quote

import pytest
from django.test import Client

from teams.models import Throttle
from tests.support.people import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


def try_sign_in(client, email, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"email": email, "password": password, **more})


def test_a_stranger_is_led_to_sign_in_and_back(client, anna, flowers):
    asked = client.get("/w/flowers/team/")
    assert asked.url == f"/sign-in/?next={quote('/w/flowers/team/')}"
    assert try_sign_in(client, anna.email, next="/w/flowers/team/").url == "/w/flowers/team/"
    assert client.get("/w/flowers/team/").status_code == 200


def test_the_address_may_be_typed_in_capitals(client, anna):
    assert try_sign_in(client, "ANNA@Example.org").url == "/"


def test_nobody_is_led_to_another_site(client, anna):
    assert try_sign_in(client, anna.email, next="https://evil.example/").url == "/"


@pytest.mark.parametrize(
    "to", ["welcome", "nowhere", "'\"><b>", "//evil.example", "/\\\\evil.example"]
)
def test_nobody_is_led_to_what_is_no_path_of_ours(client, anna, to):
    assert try_sign_in(client, anna.email, next=to).url == "/"
    assert client.get(SIGN_IN, {"next": to}).url == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(anna):
    answers = [
        try_sign_in(Client(headers={"accept-language": "en"}), email, "not the password")
        for email in (anna.email, "nobody@example.org")
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert "The e-mail or the password isn’t right." in answer.text
    # But for what was typed and the form's secret they are the same, letter by letter.
    first, second = (
        re.sub(r'(CSRFToken": |csrfmiddlewaretoken" value=|type="email".* value=)"[^"]*"', "", text)
        for text in (answer.text for answer in answers)
    )
    assert first.replace(anna.email, "") == second.replace("nobody@example.org", "")


def test_a_person_who_was_switched_off_stays_out(client, anna):
    anna.is_active = False
    anna.save()
    assert try_sign_in(client, anna.email).status_code == 422


def test_the_eleventh_try_at_one_account_is_refused_the_tenth_is_not(anna):
    for _ in range(9):
        assert try_sign_in(Client(), anna.email, "guess").status_code == 422
    assert try_sign_in(Client(), anna.email, "guess").status_code == 422
    refused = try_sign_in(Client(headers={"accept-language": "en"}), anna.email)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60
    assert "Please wait 15 minutes" in refused.text


def test_who_signs_in_starts_to_count_again(anna):
    for _ in range(9):
        try_sign_in(Client(), anna.email, "guess")
    assert try_sign_in(Client(), anna.email).status_code == 302
    assert try_sign_in(Client(), anna.email, "guess").status_code == 422


def test_signing_in_brings_the_persons_language(client, anna):
    anna.language = "en"
    anna.save()
    assert try_sign_in(client, anna.email).cookies["language"].value == "en"


def test_signing_in_changes_the_session_key(client, anna):
    session = client.session
    session["seen"] = True
    session.save()
    before = session.session_key
    try_sign_in(client, anna.email)
    assert client.session.session_key != before


def test_signing_out_ends_the_session(anna):
    client = signed_in(anna)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == SIGN_IN
    assert client.get("/account/").status_code == 302


def test_who_has_no_team_is_welcomed_first(client, db):
    person("Dina")
    assert try_sign_in(client, "dina@example.org").url == "/welcome/"


def test_a_strangers_script_is_told_instead_of_led_away(client, db):
    answer = client.get("/account/", headers={"HX-Request": "true", "accept-language": "en"})
    assert answer.status_code == 401
    assert answer.text.startswith('<p class="refusal">You are signed out.')


def test_the_page_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(SIGN_IN).status_code == 200


def test_no_address_is_kept_by_the_throttle(anna):
    try_sign_in(Client(), anna.email, "guess")
    assert not Throttle.objects.filter(key__contains="anna").exists()
