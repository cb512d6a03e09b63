"""The real nginx and the real Caddy before the application, with the files of docs/deploy."""

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from .servers import until

DEPLOY = Path(settings.ROOT) / "docs" / "deploy"
REMEDY = {
    "nginx": "Debian, Ubuntu: sudo apt install nginx-light. macOS: brew install nginx.",
    "caddy": "Debian, Ubuntu: sudo apt install caddy. macOS: brew install caddy.",
}


def find(name: str) -> str | None:
    """The program; Debian keeps nginx where only root looks."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin")


def unverified() -> ssl.SSLContext:
    """For certificates that we made a moment ago."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def proxy(name: str, upstream: int, folder: Path, **changed: str) -> Iterator[int]:
    """The port on which the proxy speaks HTTPS for the application on `upstream`.

    `changed` replaces lines of its file further, e.g. to have a short timeout.
    """
    port = free_port()
    certificate = _certificate(folder)
    write = {"nginx": _nginx, "caddy": _caddy}[name]
    command = write(folder, port, upstream, certificate, changed)
    log = folder / "proxy.log"
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (
        log.open("w") as output,
        subprocess.Popen(command, stdout=output, stderr=output, env=os.environ | home) as process,
    ):
        try:
            until(lambda: _speaks(port) or process.poll() is not None, 30)
            assert process.poll() is None, log.read_text()
            yield port
        finally:
            process.terminate()
            process.wait(20)


def _nginx(folder: Path, port: int, upstream: int, certificate: dict, changed: dict) -> list[str]:
    site = _replaced(
        DEPLOY / "nginx.conf",
        {
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "listen [::]:80;": "",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
            "listen [::]:443 ssl http2;": "",
            "/etc/letsencrypt/live/maps.example.org/fullchain.pem": certificate["certificate"],
            "/etc/letsencrypt/live/maps.example.org/privkey.pem": certificate["key"],
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
            "/opt/cjm": str(settings.ROOT),
            **changed,
        },
    )
    (folder / "site.conf").write_text(site)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"""
        {"user root;" if os.getuid() == 0 else ""}
        daemon off;
        pid {folder}/nginx.pid;
        error_log stderr;
        events {{}}
        http {{
            access_log off;
            {temporary}
            include {folder}/site.conf;
        }}
        """
    )
    program = find("nginx")
    assert program
    return [program, "-e", "stderr", "-c", str(whole)]


def _caddy(folder: Path, port: int, upstream: int, certificate: dict, changed: dict) -> list[str]:
    address = (
        f"https://localhost:{port} {{\n\tbind 127.0.0.1\n\ttls {' '.join(certificate.values())}"
    )
    site = _replaced(
        DEPLOY / "Caddyfile",
        {
            "maps.example.org {": address,
            "127.0.0.1:8000": f"127.0.0.1:{upstream}",
            "/opt/cjm": str(settings.ROOT),
            **changed,
        },
    )
    options = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n"
    (folder / "Caddyfile").write_text(options + site)
    program = find("caddy")
    assert program
    return [program, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def _replaced(file: Path, changes: dict[str, str]) -> str:
    text = file.read_text()
    for old, new in changes.items():
        assert old in text, f"{file.name} has no “{old}” any more"
        text = text.replace(old, new)
    return text


def _certificate(folder: Path) -> dict[str, str]:
    made = {"certificate": str(folder / "cert.pem"), "key": str(folder / "key.pem")}
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-out", made["certificate"], "-keyout", made["key"]]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    return made


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _speaks(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
