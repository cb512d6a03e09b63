import pytest
from django.contrib.auth import get_user_model

from ui.build import BUILD

pytestmark = pytest.mark.one_engine


@pytest.fixture
def anna(db):
    return get_user_model().objects.create_user("anna@example.org", name="Анна Каренина")


@pytest.mark.django_db
def test_a_stranger_keeps_the_language_in_the_browser(client):
    response = client.post("/preferences/language/", {"language": "en", "next": "/sign-in/"})
    assert response.url == "/sign-in/"
    assert client.cookies["language"].value == "en"


def test_anna_finds_her_language_on_every_device(client, anna):
    client.force_login(anna)
    client.post("/preferences/language/", {"language": "en"})
    anna.refresh_from_db()
    assert anna.language == "en"


@pytest.mark.django_db
def test_a_language_that_is_not_offered_is_refused(client):
    response = client.post("/preferences/language/", {"language": "xx"})
    assert response.status_code == 400
    assert "language" not in client.cookies


@pytest.mark.django_db
def test_the_way_back_never_leads_to_another_site(client):
    response = client.post(
        "/preferences/theme/", {"theme": "dark", "next": "https://evil.example/"}
    )
    assert response.url == "/"


def test_the_page_is_dark_until_the_system_decides_again(client, anna):
    client.force_login(anna)
    client.post("/preferences/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/gallery/").text
    client.post("/preferences/theme/", {"theme": "system"})
    assert "data-theme=" not in client.get("/gallery/").text


def test_the_gallery_draws_every_component_without_inline_code(client, anna):
    client.force_login(anna)
    page = client.get("/gallery/").text
    assert " style=" not in page
    assert "<script>" not in page
    assert 'hx-headers:inherited=\'{"X-CSRFToken"' in page


def test_the_gallery_is_for_people_with_an_account(client):
    assert client.get("/gallery/").status_code == 302


def test_the_build_is_twelve_signs():
    assert len(BUILD) == 12
    assert int(BUILD, 16) >= 0
