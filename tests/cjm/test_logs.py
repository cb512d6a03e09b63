"""What the server says of itself: enough to find a fault, and nothing of anybody."""

import json
import logging
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError

from teams.models import User
from tests.live.parts import run, watching
from tests.support.boris import Boris
from tests.support.servers import until
from ui.logs import Json, Words, config

CANARY = "кенар"
ADDRESS = "canary@example.org"


def lines_of(output: str) -> list[dict]:
    """The lines for machines; each is one."""
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def test_a_line_a_request_and_nobodys_words(server_process):
    server_process.environment |= {"CJM_ALLOWED_HOSTS": "x", "CJM_TRUSTED_PROXIES": "1"}
    boris = Boris(server_process.prepare())
    address = server_process.serve()
    until(lambda: boris.get(address, "/livez").status == 200)
    here = {"Host": "x", "X-Forwarded-For": "203.0.113.77"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    async def look():
        async with watching(address[1], boris.made["map"], "", cookie=boris.cookie) as screen:
            assert screen.status == 200

    run(look())
    boris.get(address, **here)
    boris.edit(address, f"A card about {CANARY}", **here)
    boris.get(address, f"/maps/{boris.made['map']}/search/?{urlencode({'q': CANARY})}")
    boris.get(address, f"/join/{ADDRESS}/", **here)
    boris.get(address, f"/{ADDRESS}/", **here)
    boris.get(address, Host=ADDRESS.replace("@", "."))
    signing = urlencode({"email": ADDRESS, "password": CANARY})
    boris._ask(address, "POST", "/sign-in/", signing, here | form)
    boris.get(address, "/static/icon.svg", **here)
    server_process.stop()

    told = server_process.output.partition("\n")[2]
    lines = lines_of(told)
    assert len(lines) == len(told.splitlines())
    for secret in (
        CANARY,
        "canary",
        "CANARY",
        "203.0.113.77",
        "127.0.0.1",
        boris.made["map"],
        "Boris",
    ):
        assert secret not in told
    requests = [line for line in lines if line["from"] == "cjm.requests"]
    assert [(line["method"], line["route"], line["status"]) for line in requests] == [
        ("GET", "stream", 200),
        ("GET", "map", 200),
        ("POST", "card", 200),
        ("GET", "", 400),
        ("GET", "join", 410),
        ("GET", "", 404),
        ("GET", "", 400),
        ("POST", "sign_in", 403),
        ("GET", "static", 200),
    ]
    assert [line["actor"] for line in requests[:3]] == ["member"] * 3
    assert all(line["ms"] >= 0 and line["time"] for line in requests)


def test_an_error_tells_where_and_not_what(transactional_db, caplog):
    User.objects.create_user(ADDRESS, name=CANARY)
    try:
        User.objects.create_user(ADDRESS, name=CANARY)
    except IntegrityError:
        logging.getLogger("django.request").exception("%s: %s", "Broken", f"/join/{ADDRESS}/")

    (line,) = (Json().format(record) for record in caplog.records)

    told = json.loads(line)
    assert told["error"].startswith("django.db.utils.IntegrityError < ")
    assert any("create_user" in place for place in told["trace"])
    assert told["message"] == "%s: %s"
    assert "canary" not in line and CANARY not in line


def test_at_home_it_speaks_in_words(caplog):
    logging.getLogger("cjm.requests").warning(
        "request", extra={"fields": {"method": "GET", "route": "map", "status": 503, "ms": 2004}}
    )

    assert Words().format(caplog.records[0]).endswith("GET map: 503, 2004 ms")


@pytest.mark.parametrize(("form", "level"), [("json", "INFO"), ("", "WARNING")])
def test_requests_are_told_one_by_one_only_to_machines(form, level):
    assert config(form)["loggers"]["cjm.requests"]["level"] == level
