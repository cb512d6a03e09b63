"""`manage.py soak`: hours of faults, and whether anything was lost; for who develops this."""

import random
import sys
from importlib import import_module

from django.core.management import BaseCommand, CommandError


class Command(BaseCommand):
    help = "People and faults on servers of its own; ends with 0 only where nothing was lost."

    def add_arguments(self, parser):
        parser.add_argument("--minutes", type=float, default=10)
        parser.add_argument("--seed", type=int, default=random.randrange(10**6))

    def handle(self, *, minutes, seed, **options):
        try:
            soak = import_module("tests.faults.soak").soak
        except ImportError as error:
            raise CommandError(f"The tests are not installed here: {error}") from error

        def say(line: str) -> None:
            self.stdout.write(line)
            self.stdout.flush()

        sys.exit(0 if soak(minutes, seed, say) else 1)
