from uuid import UUID

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "changes"

    def ready(self) -> None:
        from teams.membership import on_rights_changed
        from teams.personal import keepers

        from .personal import KEEPER

        on_rights_changed.append(_close_streams_that_lost_their_right)
        keepers.append(KEEPER)


def _close_streams_that_lost_their_right(workspace_id: UUID) -> None:
    """Each document of the workspace asks its open streams for their right again."""
    from live.announce import RIGHTS, announce

    from .models import Document

    for pk in Document.objects.filter(workspace_id=workspace_id).values_list("pk", flat=True):
        announce(pk, RIGHTS)
