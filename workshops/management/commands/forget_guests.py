from django.utils.translation import ngettext

from teams.commands import DataCommand
from teams.models import Workspace
from workshops.edits.guests import forget_names


class Command(DataCommand):
    help = (
        "Takes away the names of workshop guests that teams keep no longer. It happens by itself"
        " when an outcome is opened or a workshop is prepared; this is for teams that do neither."
    )

    def handle(self, **options):
        count = sum(map(forget_names, Workspace.objects.all()))
        self.stdout.write(
            ngettext("%(count)s name taken away", "%(count)s names taken away", count)
            % {"count": count}
        )
