from pathlib import Path

from django.core.management.base import CommandError

from teams import personal
from teams.commands import DataCommand
from teams.edits import Refused
from teams.models import Erasure

from .export_person import person_called


class Command(DataCommand):
    help = (
        "Erases a person for good: account, sign-ins, name. Cards and maps are the team's and stay."
        " Prints the act of it; with --replay follows the list of erasures again."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL", nargs="?")
        parser.add_argument(
            "--hand-over", metavar="EMAIL", help="who owns the teams that would have no owner"
        )
        parser.add_argument("--act", type=Path, metavar="FILE", help="where the act is written too")
        parser.add_argument("--no-input", action="store_true", help="doesn't ask")
        parser.add_argument(
            "--replay",
            type=Path,
            nargs="?",
            const=personal.list_of_erasures(),
            metavar="FILE",
            help="erases again whoever is on the list, e.g. erasures.txt of the server that was",
        )

        parser.add_argument(
            "--list",
            action="store_true",
            help="prints when accounts were erased, and their numbers",
        )

    def handle(self, *, email, hand_over, act, no_input, replay, **options):
        if options["list"]:
            for row in Erasure.objects.order_by("at"):
                self.stdout.write(f"{row.at:%Y-%m-%d %H:%M:%S %Z}  {row.digest}")
            return
        if replay:
            lines = replay.read_text().splitlines() if replay.exists() else []
            acts = personal.replay_erasures(lines)
        elif email:
            acts = [self.erase(email, hand_over, no_input)]
        else:
            raise CommandError("Whom? Give an EMAIL, or --replay.")
        text = "\n".join(one.text() for one in acts)
        self.stdout.write(text)
        if act:
            act.write_text(text)

    def erase(self, email: str, hand_over: str | None, no_input: bool) -> personal.Act:
        user = person_called(email)
        heir = person_called(hand_over) if hand_over else None
        if not no_input and input(f"This can't be undone. Type {user.email} again: ") != user.email:
            raise CommandError("Nothing was erased.")
        try:
            return personal.erase(user, heir=heir)
        except Refused as refused:
            raise CommandError(f"{refused} (--hand-over EMAIL)") from refused
