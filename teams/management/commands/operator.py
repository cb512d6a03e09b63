from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from teams import edits
from teams.commands import DataCommand
from teams.models import User
from teams.sign_in_links import make_link


class Command(DataCommand):
    help = "Lets a person see the page of the server, /operator/; without an address says who does."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL", nargs="?", default="")
        parser.add_argument("--take-back", action="store_true", help="no longer")
        parser.add_argument(
            "--address",
            default=settings.PUBLIC_URL or "http://127.0.0.1:8000",
            help="where people open the server (default: %(default)s)",
        )

    def handle(self, *, email: str, take_back: bool, address: str, **options):
        email = email.strip().lower()
        user = User.objects.filter(email=email).first()
        if take_back and user is None:
            raise CommandError(_("Nobody here has the address %(email)s.") % {"email": email})
        if user:
            edits.make_operator(user, is_one=not take_back)
        elif email:
            user = User.objects.create_user(email)
            edits.make_operator(user)
            self.stdout.write(_("A new account. Sign in with this link (once, within a day):"))
            self.stdout.write(f"  {address.rstrip('/')}{make_link(user, minutes=24 * 60)}")
        operators = User.objects.filter(is_superuser=True, is_active=True)
        names = ", ".join(operators.order_by("email").values_list("email", flat=True))
        self.stdout.write(_("Who runs the server: %(names)s") % {"names": names or "—"})
