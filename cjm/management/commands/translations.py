"""`manage.py translations`: brings the Russian catalogue up to date and says what is missing."""

from django.core.management import BaseCommand, CommandError

from cjm import translations


class Command(BaseCommand):
    help = "Makes the Russian catalogue from the sources and cjm/locale/parts/*.json."

    def handle(self, **options):
        if not translations.can_extract():
            raise CommandError(f"xgettext is missing: {translations.XGETTEXT_REMEDY}")
        merged = translations.merge()
        faults = translations.faults(merged, merged)
        for fault in faults:
            self.stdout.write(fault)
        self.stdout.write(f"{len(merged)} strings, {len(faults)} to do")
