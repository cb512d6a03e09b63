"""A body over 20 MB is refused before it is read."""

import http.client
from urllib.parse import urlsplit


def test_too_large_is_a_sentence(live_server_url):
    server = urlsplit(live_server_url)
    for header, value in (
        ("Content-Length", str(21 * 1024 * 1024)),
        ("Transfer-Encoding", "chunked"),
    ):
        connection = http.client.HTTPConnection(server.hostname, server.port, timeout=10)
        connection.putrequest("POST", "/sign-in/")
        connection.putheader(header, value)
        connection.putheader("Accept-Language", "en")
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.status == 413
        assert "20" in answer.read().decode()
        connection.close()
