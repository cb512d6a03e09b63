"""What load balancers, supervisors and Prometheus ask of a server process."""

import asyncio
import json
import shutil
import time
from collections import namedtuple

import pytest
from django.db import connection

from cjm import asgi, health
from live import listen
from live.stream import Stream
from teams.policy import OPERATOR, POLICIES, PUBLIC
from tests.live.parts import Journey, run, watching
from tests.support.boris import Boris
from tests.support.servers import until

pytestmark = pytest.mark.django_db(transaction=True)


def asked(judge=None) -> tuple[int, dict]:
    """What /readyz of a process answers; `judge` spoils something of it first."""
    found = {}

    async def story():
        stream = Stream(Journey().source)
        stream.start()
        one = health.Health(stream)
        if judge:
            await judge(one)
        answer = await one.readyz({})
        found["it"] = answer.status_code, json.loads(answer.content)

    run(story())
    return found["it"]


def failed(checks: dict) -> list[str]:
    return [name for name, word in checks.items() if word != "ok"]


def test_every_route_beside_django_declares_its_policy():
    declared = {path: answer.policy for path, answer in asgi.BESIDE.items()}

    assert declared == {"/livez": PUBLIC, "/readyz": PUBLIC, "/metrics": OPERATOR}
    assert set(declared.values()) <= POLICIES


def test_a_healthy_process_is_ready():
    status, checks = asked()

    assert (status, failed(checks)) == (200, [])


def test_tables_of_another_version_are_not_ready(monkeypatch):
    monkeypatch.setattr(health, "_migrations", {("teams", "9999_next_year")})

    assert asked() == (503, asked()[1])
    assert failed(asked()[1]) == ["migrations"]


def test_a_full_disk_is_not_ready(monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 10**12, 400_000_000))

    assert failed(asked()[1]) == ["disk"]


def test_a_process_that_ends_is_not_ready():
    async def stopping(one):
        one.stream.hub.stopping = True

    assert failed(asked(stopping)[1]) == ["serving"]


def test_a_process_that_hears_no_news_is_not_ready(postgres_only, monkeypatch):
    monkeypatch.setattr(health, "LISTENER_LAG", 0.3)
    monkeypatch.setattr(listen, "TOPIC", "elsewhere")

    async def deaf(one):
        async with asyncio.timeout(5):
            while not await one.stream.echo(0.2):
                pass
        monkeypatch.setattr(listen, "TOPIC", "live")  # what is said now nobody listens to

    assert failed(asked(deaf)[1]) == ["listener"]


def test_a_database_that_takes_no_writes_is_not_ready(postgres_only):
    async def read_only(one):
        one._thread.submit(make_read_only).result()

    def make_read_only():
        connection.settings_dict["OPTIONS"]["options"] += " -c default_transaction_read_only=on"
        connection.close()
        connection.close_pool()

    options = connection.settings_dict["OPTIONS"]["options"]
    try:
        assert failed(asked(read_only)[1]) == ["database"]
    finally:
        connection.settings_dict["OPTIONS"]["options"] = options
        connection.close_pool()


def test_a_loop_that_is_stuck_is_not_alive():
    async def story():
        one = health.Health(Stream(Journey().source))
        beat = asyncio.create_task(one.pulse.beat())
        await asyncio.sleep(0.01)
        assert (await one.livez({})).status_code == 200
        time.sleep(1.5)  # as a page drawn in the loop's own thread would
        assert (await one.livez({})).status_code == 503
        await asyncio.sleep(0.6)
        assert (await one.livez({})).status_code == 200
        beat.cancel()

    run(story())


def test_it_is_asked_often_and_answers_once_a_second(django_assert_max_num_queries):
    async def story():
        one = health.Health(Stream(Journey().source))
        writes = []
        write = one._write
        one._write = lambda: writes.append(1) or write()
        await asyncio.gather(*(one.readyz({}) for _ in range(50)))
        assert len(writes) == 1

    run(story())


@pytest.fixture
def served(server_process):
    server_process.environment |= {"CJM_ALLOWED_HOSTS": "x", "CJM_METRICS_TOKEN": "a key"}
    boris = Boris(server_process.prepare())
    address = server_process.serve()
    until(lambda: boris.get(address, "/readyz").status == 200)
    return boris, address


def test_it_answers_to_whoever_asks_by_any_name_and_changes_nothing(served):
    boris, address = served
    boris.cookie = ""

    for path in ("/livez", "/readyz"):
        answer = boris.get(address, path, Host="10.0.0.7")
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert boris._ask(address, "POST", path, "", {}).status == 405


def test_figures_are_for_whoever_has_the_key(served):
    boris, address = served

    assert boris.get(address, "/metrics").status == 401
    assert boris.get(address, "/metrics", Authorization="Bearer another key").status == 401
    assert boris.get(address, "/metrics", Authorization="Bearer a key").status == 200


def test_figures_tell_of_streams_and_answers(served):
    boris, address = served

    def figures() -> dict[str, float]:
        text = boris.get(address, "/metrics", Authorization="Bearer a key").text
        lines = [line.rpartition(" ") for line in text.splitlines() if line[:1] != "#"]
        return {name: float(value) for name, _, value in lines}

    async def story():
        boris.get(address, "/sign-in/", Host="x")
        stream = watching(address[1], boris.made["map"], "since=0&epoch=old", cookie=boris.cookie)
        async with stream:
            await asyncio.to_thread(until, lambda: figures().get("cjm_streams_open") == 1)
        await asyncio.to_thread(until, lambda: figures().get("cjm_streams_open") == 0)

    run(story())
    found = figures()
    assert found['cjm_requests_total{method="GET",route="sign_in",status="302"}'] == 1
    assert found['cjm_stream_events_total{event="reset"}'] == 1
    assert found["cjm_listener_lag_seconds"] < 1
