"""`manage.py start`: everything a newcomer needs, in one command."""

import os
import sys
from contextlib import nullcontext
from ctypes.util import find_library

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.utils import translation
from django.utils.translation import gettext as _

from cjm import bootstrap, budget, server
from teams.models import Workspace

PANGO = {
    "linux": "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "darwin": "brew install pango",
}


class Command(BaseCommand):
    help = "Prepares the database, shows the address and a sign-in link, and serves."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 for a whole network")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--language", choices=["ru", "en"], default=bootstrap.language())
        parser.add_argument("--no-demo", action="store_true", help="no demo maps")

    def handle(self, *, host, port, language, no_demo, **options):
        server.leave_on_signals()  # from the first word on, whoever stops it
        with translation.override(language):
            one_server = server.folder_taken(settings.VAR) if server.is_sqlite() else nullcontext()
            with one_server, server.bind(host, port) as bound:
                server.answer_the_room(bound)
                budget.refuse_without_room(1)
                call_command("migrate", interactive=False, verbosity=0)
                if not no_demo and not Workspace.objects.exists():
                    from journeys.demo import make_demo

                    self.say(_("Making the demo maps…"))
                    make_demo(language)
                server.collect_static()
                self.greet(settings.PUBLIC_URL or server.address_of(bound))
                budget.let_go()
                server.serve(bound)

    def greet(self, address: str) -> None:
        """The address and the way in; each link whole and alone on its line."""
        from teams.sign_in_links import first_start_link

        if not pango_is_here():
            cure = PANGO.get(sys.platform, "https://doc.courtbouillon.org/weasyprint/stable/")
            self.say(_("PDF needs Pango; everything else works without it. To install it:"), cure)
        self.say(_("The maps are at:"), address)
        if way_in := first_start_link():
            self.say(_("Sign in with this link (once, within 15 minutes):"), address + way_in)
        else:
            self.say(
                _("Sign in by e-mail and password. If a password is lost:"),
                "python3 manage.py sign_in_link EMAIL",
            )
        self.say(_("Ctrl+C stops the server; all data stays in %s") % settings.VAR)

    def say(self, line: str, link: str = "") -> None:
        self.stdout.write(f"{line}\n  {link}\n" if link else line)
        self.stdout.flush()


def pango_is_here() -> bool:
    """Whether a PDF can be made: asked by name only, because loading the library is slow."""
    return os.name == "nt" or all(map(find_library, ("pango-1.0", "pangoft2-1.0")))
