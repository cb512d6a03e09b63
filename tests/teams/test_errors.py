import json
import re

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import include, path

from teams.errors import unavailable
from teams.policy import policy
from teams.throttle import limited
from ui.logs import Json


def raiser(error):
    @policy("public")
    def view(request):
        raise error

    return view


@policy("public")
def reads_the_form(request):
    return HttpResponse(request.POST.get("text", ""))


urlpatterns = [
    path("", include(settings.ROOT_URLCONF)),
    path("raise/403/", raiser(PermissionDenied())),
    path("raise/404/", raiser(Http404())),
    path("raise/500/", raiser(RuntimeError("a wire is loose"))),
    path("raise/503/", raiser(OperationalError("database is locked"))),
    path("busy/", policy("public")(unavailable)),
    path("form/", reads_the_form),
    path("often/", policy("public")(limited("often", posts=1, minutes=3)(reads_the_form))),
]
handler400 = "teams.errors.bad_request"
handler403 = "teams.errors.forbidden"
handler404 = "teams.errors.not_found"
handler500 = "teams.errors.server_error"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.one_engine]
TITLES = {
    403: ("This isn’t allowed", "Этого делать нельзя"),
    404: ("Nothing here", "Здесь ничего нет"),
    500: ("Something broke here", "Здесь что-то сломалось"),
    503: ("Busy just now", "Сервер занят"),
}


@pytest.fixture
def reader():
    return Client(raise_request_exception=False, headers={"accept-language": "en"})


@pytest.mark.parametrize("status", TITLES)
def test_each_error_has_a_page_that_asks_the_database_nothing(reader, status):
    # No database mark: a query would fail the test.
    answer = reader.get(f"/raise/{status}/")
    assert answer.status_code == status
    assert f"<h1>{TITLES[status][0]}</h1>" in answer.text
    assert '<html lang="en"' in answer.text


def test_a_fault_has_a_number_that_the_log_has_too(reader, caplog):
    page = reader.get("/raise/500/").text
    number = re.search(r"this number: ([0-9a-f]{8})", page)[1]
    (line,) = [json.loads(Json().format(one)) for one in caplog.records if one.exc_info]
    assert line["reference"] == number


@pytest.mark.parametrize("status", TITLES)
def test_a_script_gets_the_sentence_alone(reader, status):
    answer = reader.get(f"/raise/{status}/", headers={"HX-Request": "true"})
    assert answer.status_code == status
    assert answer.text.startswith('<p class="refusal">')
    assert answer.text.endswith("</p>")


def test_too_large_is_said_with_the_limit(reader, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = reader.post("/form/", {"text": "x" * 11}, "application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "20 MB" in answer.text


@pytest.mark.django_db
def test_too_often_is_said_with_the_time_to_wait(reader):
    assert reader.post("/often/").status_code == 200
    answer = reader.post("/often/")
    assert answer.status_code == 429
    assert "Please wait 3 minutes" in answer.text
    assert 170 < int(answer.headers["Retry-After"]) <= 180


def test_a_form_without_its_token_gets_a_kind_sentence(settings):
    settings.CSRF_FAILURE_VIEW = "teams.errors.csrf_failure"
    reader = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = reader.post("/form/")
    assert answer.status_code == 403
    assert "nothing was changed" in answer.text


def test_busy_says_when_to_try_again(reader):
    assert 1 <= int(reader.get("/busy/").headers["Retry-After"]) <= 3


@pytest.mark.parametrize("status", TITLES)
def test_each_page_is_there_in_russian(status):
    reader = Client(raise_request_exception=False, headers={"accept-language": "ru"})
    assert f"<h1>{TITLES[status][1]}</h1>" in reader.get(f"/raise/{status}/").text
