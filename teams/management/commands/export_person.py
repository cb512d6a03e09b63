from pathlib import Path

from django.core.management.base import CommandError

from teams import personal
from teams.commands import DataCommand
from teams.models import User


class Command(DataCommand):
    help = "Writes everything that is kept of a person into a file (JSON)."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, email: str, file: Path, **options):
        try:
            file.write_bytes(personal.export(person_called(email)))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(str(file))


def person_called(email: str) -> User:
    """The person with this address, whether they may sign in or not."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise CommandError(f"Nobody here has the address {email}.")
    return user
