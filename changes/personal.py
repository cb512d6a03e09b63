"""What the history keeps of a person: who did what. The deeds stay, the name goes."""

from django.utils.translation import gettext_lazy as _

from teams.actors import NAME, member
from teams.models import User
from teams.personal import Keeper

from .models import Change, Conflict, Document, Frame


def tell(user: User) -> dict:
    key = member(user).key
    return {
        "changes": list(
            Change.objects.filter(by=key)
            .order_by("at")
            .values("at", "document", "verb", "target", "by_name", "after")
        ),
        "two_versions": list(
            Conflict.objects.filter(by=key).values("at", "document", "base", "mine", "theirs")
        ),
    }


def forget(user: User, former: str) -> int:
    """Frames are drawn with names in them: screens that would have read them fetch the board."""
    key = member(user).key
    mine = Change.objects.filter(by=key)
    documents = list(mine.values_list("document_id", flat=True).distinct())
    names = {str(user)[:NAME], *mine.values_list("by_name", flat=True).distinct()}
    Frame.objects.filter(document_id__in=documents).delete()
    Frame.objects.filter(audience=key).delete()
    return sum(
        [
            mine.update(by=former, by_name=""),
            Change.objects.filter(audience=key).update(audience=former),
            Conflict.objects.filter(by=key).update(by=former, by_name=""),
            Conflict.objects.filter(solved_by=key).update(solved_by=former),
            Conflict.objects.filter(document_id__in=documents, theirs_name__in=names).update(
                theirs_name=""
            ),
            Document.objects.filter(deleted_by=key).update(deleted_by=former),
        ]
    )


KEEPER = Keeper(_("lines of the history"), tell, forget)
