"""One installation to be maltreated: a database, people, maps, and the real server processes."""

import asyncio
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from journeys.formats import map_json
from journeys.formats.plan import CardPlan, LanePlan, MapPlan, StagePlan
from tests.support.postgres import Cluster
from tests.support.servers import ROOT, ServerProcess, until

from .browser import CSRF
from .database import Database
from .people import HOT, ODD

PRIVATE = "privatecanary"
CONTENTS = ("text", "touchpoint", "emotion", "barrier", "solution", "task")


class Site:
    """`workers` processes behind one port; `database_url` empty means SQLite in the folder."""

    def __init__(self, folder: Path, database_url: str = "", workers: int = 1):
        self.folder = folder
        self.workers, self.hosts = workers, 1
        self.switches = folder.with_name(f"{folder.name}-switches")
        self.switches.mkdir(parents=True)
        self.temporary = folder.with_name(f"{folder.name}-tmp")
        self.temporary.mkdir()
        self.server = ServerProcess(folder, database_url)
        self.server.environment |= {
            "DJANGO_SETTINGS_MODULE": "tests.faults.launcher",
            "FAULTS_AT": str(self.switches),
            "TMPDIR": str(self.temporary),
        }
        self.database = Database(database_url, folder / "cjm.sqlite3")
        self.port = 0
        self.people: dict = {}
        self.cluster: Cluster | None = None

    @classmethod
    def on(cls, cluster: Cluster, folder: Path) -> "Site":
        """Two workers on a database of this cluster."""
        import psycopg

        with psycopg.connect(cluster.url.replace("/cjm?", "/postgres?"), autocommit=True) as all_of:
            all_of.execute("CREATE DATABASE cjm")
        site = cls(folder, cluster.url, workers=2)
        site.cluster = cluster
        return site

    @contextmanager
    def twin(self, folder: Path, database_url: str) -> Iterator["Site"]:
        """A second server on the same database, which it reaches by another address."""
        twin = type(self)(folder, database_url, self.workers)
        folder.mkdir()
        (folder / "static").symlink_to(self.folder / "static")
        shutil.copy(self.folder / "secret_key", folder)
        twin.database, twin.cluster, twin.hosts = self.database, self.cluster, 2
        twin.people, twin._membership = self.people, self._membership
        try:
            twin.start()
            yield twin
        finally:
            twin.remove()

    def set_up(self) -> None:
        self.server.manage("migrate", "-v", "0")
        made = subprocess.run(
            [sys.executable, "-m", "tests.faults.prepare"],
            cwd=ROOT,
            env=self.server.environment,
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        )
        self.people = json.loads(made.stdout)
        leaver = self.people["leaver"]["member"]
        (self._membership,) = self.database.rows(
            "SELECT * FROM teams_membership WHERE id = ?", leaver
        )

    def take_back(self) -> dict:
        """Who was removed from the team is in it again."""
        names = ", ".join(self._membership)
        marks = ", ".join("?" * len(self._membership))
        self.database.run("DELETE FROM teams_membership WHERE id = ?", self._membership["id"])
        sql = f"INSERT INTO teams_membership ({names}) VALUES ({marks})"
        self.database.run(sql, *self._membership.values())
        return self.people["leaver"]

    # The processes

    def start(self) -> None:
        """Starts the server, again on the same port after the first time."""
        port, workers = str(self.port), str(self.workers)
        self.server.spawn("serve", "--port", port, "--workers", workers)
        until(lambda: "http://" in self.server.output or self.server.process.poll() is not None)
        found = re.search(r"http://[\d.]+:(\d+)", self.server.output)
        assert found, f"The server did not start:\n{self.server.output}"
        self.port = int(found[1])
        until(lambda: self.answers() or self.server.process.poll() is not None)

    def is_up(self) -> bool:
        assert self.server.process
        return self.server.process.poll() is None and self.answers()

    def answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            connection.request("GET", "/sign-in/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        if self.server.process and self.server.process.poll() is None:
            assert self.server.stop() in (0, -signal.SIGTERM)

    async def keep_alive(self) -> None:
        """As a service manager does: a server that dies is started again."""
        while True:
            await asyncio.sleep(0.1)
            assert self.server.process
            if self.server.process.poll() is not None:
                await asyncio.to_thread(self.start)

    @property
    def pids(self) -> list[int]:
        """The processes that answer requests."""
        assert self.server.process
        parent = self.server.process.pid
        if self.workers == 1:
            return [parent]
        listed = subprocess.run(
            ["ps", "-ww", "--ppid", str(parent), "-o", "pid=,args="],
            capture_output=True,
            text=True,
        )
        rows = listed.stdout.splitlines()
        return [int(row.split()[0]) for row in rows if "resource_tracker" not in row]

    # Faults

    def dies_at(self, point: str) -> Path:
        """The next process that comes to the point is killed; the file is gone when it was."""
        file = self.switches / f"die-{point}"
        file.touch()
        return file

    def plant(self, *bugs: str) -> None:
        """These bugs, and no others, from now on."""
        (self.switches / "bugs").write_text(" ".join(bugs))
        for pid in self.pids:
            (self.switches / f"planted-{pid}").unlink(missing_ok=True)
            os.kill(pid, signal.SIGUSR1)
        for pid in self.pids:
            until((self.switches / f"planted-{pid}").exists, 10)

    # Maps

    def new_map(self, name: str = "Bouquet", owner: str = "Anna") -> UUID:
        """A map with a card where most will meet, and one that only Anna may see."""
        made = plan(name, HOT if owner == "Anna" else "garage")
        who = self.people["gleb"] if owner == "Gleb" else self.people["team"][0]
        slug = "garage" if owner == "Gleb" else "flowers"
        fields = {"map": json.dumps(map_json.dump(made), ensure_ascii=False), "title": name}
        until(self.is_up)  # a database that was away is found again in a moment
        status, place = self.post(who, f"/w/{slug}/import/", fields)
        assert status == 302, (status, place)
        found = re.search(r"/maps/([0-9a-f-]{36})/", place)
        assert found, place
        journey = UUID(found[1])
        self.database.run(
            "UPDATE journeys_card SET audience = ? WHERE journey_id = ? AND text = ?",
            self.people["team"][0]["key"],
            journey,
            PRIVATE,
        )
        return journey

    def new_workshop(self, journey: UUID) -> dict:
        """Anna prepares one on the map and opens the entry; its id, tokens and steps."""
        anna = self.people["team"][0]
        status, place = self.post(anna, f"/maps/{journey}/workshop/", {"agenda": "whole"})
        assert status == 302, (status, place)
        self.post(anna, f"{place}begin/", {})
        sql = "SELECT * FROM workshops_workshop WHERE journey_id = ?"
        (workshop,) = self.database.rows(sql, journey)
        sql = "SELECT id, kind FROM workshops_step WHERE workshop_id = ? ORDER BY position"
        return workshop | {"steps": self.database.rows(sql, UUID(workshop["id"]))}

    def join(self, workshop: dict, name: str) -> dict:
        """Somebody comes in by the link of the QR code: who they are from now on."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "Cookie": f"csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"name": name}).encode()
        connection.request("POST", f"/J/{workshop['token']}/", body, headers)
        answer = connection.getresponse()
        answer.read()
        session = re.search(r"sessionid=(\w+)", str(answer.headers.get_all("Set-Cookie")))
        connection.close()
        assert answer.status == 302 and session, answer.status
        sql = "SELECT id FROM workshops_guest WHERE workshop_id = ? AND name = ?"
        guest = self.database.rows(sql, UUID(workshop["id"]), name)[0]["id"]
        return {"name": name, "role": "guest", "session": session[1], "key": f"guest:{guest}"}

    def post(self, who: dict, path: str, fields: dict) -> tuple[int, str]:
        """The status, and where it leads or what it says."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "Cookie": f"sessionid={who['session']}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request("POST", path, urlencode(fields).encode(), headers)
        answer = connection.getresponse()
        said = answer.getheader("Location") or answer.read().decode()
        connection.close()
        return answer.status, said

    # What its processes hold

    def held(self) -> dict[str, int]:
        """Open files, threads, connections to the database, files it left, and memory (KB)."""
        files = sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in self.pids)
        status = [Path(f"/proc/{pid}/status").read_text() for pid in self.pids]
        numbers = [dict(re.findall(r"^(\w+):\s+(\d+)", text, re.MULTILINE)) for text in status]
        found = {
            "files": files,
            "threads": sum(int(one["Threads"]) for one in numbers),
            "memory": sum(int(one["VmRSS"]) for one in numbers),
            "temporary": len(list(self.temporary.rglob("*"))),
        }
        if self.database.url:
            sql = (
                "SELECT count(*) AS n FROM pg_stat_activity"
                " WHERE datname = ? AND pid <> pg_backend_pid()"
            )
            found["connections"] = self.database.rows(sql, self.database.name)[0]["n"]
        else:
            files = [
                file.resolve().name
                for pid in self.pids
                for file in Path(f"/proc/{pid}/fd").iterdir()
            ]
            found["connections"] = files.count(self.database.file.name)
        return found

    def remove(self) -> None:
        self.server.kill()
        for folder in (self.folder, self.switches, self.temporary):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """With its people and its server, until the end."""
    try:
        site.set_up()
        site.start()
        yield site
    finally:
        site.remove()


def plan(name: str, hot: str) -> MapPlan:
    stages = ["search", "choose", "buy", "use"]
    return MapPlan(
        title=name,
        language="ru",
        stages=[StagePlan(key, key.title()) for key in stages],
        lanes=[LanePlan(content, content.title(), content) for content in CONTENTS],
        cards=[
            CardPlan("hot", "search", "text", hot),
            CardPlan("private", "search", "text", PRIVATE),
            CardPlan("odd", "choose", "text", ODD),
            *(
                CardPlan(f"{content}-{stage}", stage, content, f"{content} of {stage}")
                for content in CONTENTS
                for stage in stages
            ),
        ],
    )
