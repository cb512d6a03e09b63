"""A backup is taken while people write, and holds one moment of their work, whole."""

import http.client
import json
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tests.cjm.test_backup import filled, manifest_of
from tests.support.servers import until

CSRF = "b" * 32
FOUND = """
import json
from changes.models import Change, Document
from journeys.models import Card
changes = list(Change.objects.filter(document="{map}").order_by("seq").values_list("seq", "after"))
card = Card.objects.get(pk="{card}")
seq = Document.objects.values_list("seq", flat=True).get(pk="{map}")
print(json.dumps([[seq for seq, after in changes], changes[-1][1], card.text, card.version, seq]))
"""


class Typist:
    """Anna, who writes one edit after another on one card and remembers what was accepted."""

    def __init__(self, address: str, made: dict):
        self.host = urlsplit(address).netloc
        self.made = made
        self.accepted: list[int] = []  # the number of each edit
        self.refused: list[str] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._type, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        self._thread.join(30)

    def _type(self) -> None:
        with closing(http.client.HTTPConnection(self.host, timeout=30)) as connection:
            self._edit(connection)

    def _edit(self, connection: http.client.HTTPConnection) -> None:
        headers = {
            "Cookie": f"sessionid={self.made['session']}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        path = f"/maps/{self.made['map']}/cards/{self.made['card']}/"
        number = 0
        while not self._over.is_set():
            number += 1
            body = urlencode({"text": f"Слово {number}", "key": uuid4()})
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            said = answer.read().decode()
            if answer.status == 200:
                self.accepted.append(int(answer.headers["X-Seq"]))
            else:
                self.refused.append(f"{answer.status} {said[:200]}")


def test_a_backup_beside_people_at_work(new_server, tmp_path: Path):
    old, new, file = new_server("old"), new_server("new"), tmp_path / "all.zip"
    made = filled(old)
    with Typist(old.start(), made) as anna:
        until(lambda: len(anna.accepted) > 20)
        before = anna.accepted[-1]
        old.manage("backup", str(file))
        after = anna.accepted[-1]
        until(lambda: anna.accepted[-1] > after + 20)
    old.stop()
    new.manage("restore", str(file))
    found = new.manage("shell", "--no-imports", "-c", FOUND.format(**made)).splitlines()[-1]
    numbers, last, text, version, seq = json.loads(found)

    assert anna.refused == []
    assert before <= seq <= after, "what was accepted before the backup began is in it"
    assert numbers == list(range(1, seq + 1)), "the history has no gap and no more than the map"
    (facts,) = last.values()
    assert (text, version) == (facts["text"], seq), "the card is as its last change left it"
    assert manifest_of(file)["maps"][made["map"]]["seq"] == seq
