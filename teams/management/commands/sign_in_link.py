from django.conf import settings
from django.core.management.base import CommandError

from teams.commands import DataCommand
from teams.models import User
from teams.sign_in_links import make_link


class Command(DataCommand):
    help = "Prints a link that signs a person in once, for a lost password. It lives 15 minutes."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument(
            "--address",
            default=settings.PUBLIC_URL or "http://127.0.0.1:8000",
            help="where people open the server (default: %(default)s)",
        )

    def handle(self, *, email: str, address: str, **options):
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {email}.")
        self.stdout.write(address.rstrip("/") + make_link(user))
