from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from teams.commands import DataCommand
from teams.models import User
from teams.sign_in_links import first_start_link, make_link


class Command(DataCommand):
    help = (
        "Prints a link that signs a person in once, for a lost password; without EMAIL the way in"
        " for the first person of a new server. It lives 15 minutes."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL", nargs="?")
        parser.add_argument(
            "--address",
            default=settings.PUBLIC_URL or "http://127.0.0.1:8000",
            help="where people open the server (default: %(default)s)",
        )

    def handle(self, *, email: str | None, address: str, **options):
        self.stdout.write(address.rstrip("/") + (_link(email) if email else _first_link()))


def _link(email: str) -> str:
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody here has the address {email}.")
    return make_link(user)


def _first_link() -> str:
    link = first_start_link()
    if link is None:
        raise CommandError(_("Somebody is here already: name the e-mail of who is to sign in."))
    return link
