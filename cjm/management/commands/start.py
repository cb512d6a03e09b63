"""`manage.py start`: everything a newcomer needs, in one command."""

import os
import sys
from contextlib import nullcontext
from ctypes.util import find_library

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.utils import translation
from django.utils.translation import gettext as _

from cjm import bootstrap, server
from teams.models import Membership, Role, User, Workspace

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
        with translation.override(language):
            one_server = server.folder_taken(settings.VAR) if server.is_sqlite() else nullcontext()
            with one_server, server.bind(host, port) as bound:
                call_command("migrate", interactive=False, verbosity=0)
                if not no_demo and not Workspace.objects.exists():
                    from journeys.demo import make_demo

                    self.say(_("Making the demo maps…"))
                    make_demo(language)
                server.collect_static()
                self.greet(settings.PUBLIC_URL or server.address_of(bound), first_user(language))
                server.serve(bound)

    def greet(self, address: str, user: User) -> None:
        """The address and the way in; each link whole and alone on its line."""
        from teams.sign_in_links import make_link

        if not pango_is_here():
            hint = PANGO.get(sys.platform, "https://doc.courtbouillon.org/weasyprint/stable/")
            self.say(_("PDF needs Pango; everything else works without it. To install it:"), hint)
        self.say(_("The maps are at:"), address)
        self.say(_("Sign in with this link (once, within 15 minutes):"), address + make_link(user))
        self.say(_("Ctrl+C stops the server; all data stays in %s") % settings.VAR)

    def say(self, line: str, link: str = "") -> None:
        self.stdout.write(f"{line}\n  {link}\n" if link else line)
        self.stdout.flush()


def first_user(language: str) -> User:
    """Whoever came first; made here, with the demo to look at, when nobody has yet."""
    if user := User.objects.filter(is_active=True).order_by("joined_at").first():
        return user
    user = User.objects.create_user("owner@localhost", language=language)
    for demo in Workspace.objects.filter(is_demo=True):
        Membership.objects.get_or_create(workspace=demo, user=user, defaults={"role": Role.OWNER})
    return user


def pango_is_here() -> bool:
    """Whether a PDF can be made: asked by name only, because loading the library is slow."""
    return os.name == "nt" or all(map(find_library, ("pango-1.0", "pangoft2-1.0")))
