import pytest
from django.test import Client

from tests.support.people import PASSWORD, signed_in

pytestmark = pytest.mark.django_db


def test_a_person_changes_name_address_and_language(anna):
    client = signed_in(anna)
    form = {"name": "Анна Ивановна", "email": "AI@example.org", "language": "en"}
    answer = client.post("/account/", form)
    assert answer.url == "/account/"
    assert answer.cookies["language"].value == "en"
    anna.refresh_from_db()
    assert (anna.name, anna.email, anna.language) == ("Анна Ивановна", "ai@example.org", "en")


def test_nobody_takes_anothers_address(anna, gleb):
    form = {"name": "Anna", "email": gleb.email.upper(), "language": "ru"}
    assert signed_in(anna).post("/account/", form).status_code == 422


def test_a_new_password_asks_for_the_old_one(anna):
    client = signed_in(anna)
    wrong = client.post("/account/password/", {"old": "guess", "new": "peonies at noon"})
    assert wrong.status_code == 422
    anna.refresh_from_db()
    assert anna.check_password(PASSWORD)


def test_a_new_password_signs_out_the_other_browsers(anna):
    here, there = signed_in(anna), signed_in(anna)
    done = here.post("/account/password/", {"old": PASSWORD, "new": "peonies at noon"})
    assert done.status_code == 200
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


@pytest.mark.parametrize("path", ["/account/", "/account/password/"])
def test_a_role_cannot_be_slipped_in(anna, path):
    form = {"name": "Anna", "email": anna.email, "language": "ru", "is_staff": "1"}
    signed_in(anna).post(path, form)
    anna.refresh_from_db()
    assert not anna.is_staff


@pytest.mark.parametrize(
    ("accepts", "cookie", "expected"),
    [("en", "", "en"), ("ru", "", "ru"), ("de", "", "ru"), ("ru", "en", "en"), ("en", "xx", "en")],
)
def test_the_language_is_the_cookies_else_the_browsers_else_ours(
    db, settings, accepts, cookie, expected
):
    settings.LANGUAGE_CODE = "ru"
    client = Client(headers={"accept-language": accepts})
    if cookie:
        client.cookies["language"] = cookie
    answer = client.get("/sign-in/")
    assert answer.headers["Content-Language"] == expected
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))
    assert f'<html lang="{expected}"' in answer.text
