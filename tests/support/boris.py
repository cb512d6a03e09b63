"""Boris, who edits a map of a server process, without a browser."""

import http.client
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks.site import CSRF, FORM


class Boris:
    """`made` is what `ServerProcess.prepare` gave."""

    def __init__(self, made: dict[str, str]):
        self.made = made
        self.cookie = f"sessionid={made['session']}; csrftoken={CSRF}"
        self.map = f"/maps/{made['map']}/"

    def get(self, address: tuple[str, int], path: str = "", **headers: str):
        return self._ask(address, "GET", path or self.map, None, headers)

    def edit(self, address: tuple[str, int], text: str, **headers: str):
        """Writes on the card, whatever it says; the response, with its text as `text`."""
        body = urlencode({"text": text, "key": uuid4(), "visit": uuid4()})
        path = f"{self.map}cards/{self.made['card']}/"
        said = {"X-CSRFToken": CSRF, "HX-Request": "true", "Content-Type": FORM}
        return self._ask(address, "POST", path, body, said | headers)

    def _ask(self, address, method: str, path: str, body: str | None, headers: dict):
        connection = http.client.HTTPConnection(*address, timeout=60)
        connection.request(method, path, body, {"Cookie": self.cookie} | headers)
        response = connection.getresponse()
        response.text = response.read().decode()  # type: ignore[attr-defined]
        connection.close()
        return response
