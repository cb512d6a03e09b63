"""What printing keeps of a person: the documents that they asked for, for a week."""

from django.utils.translation import gettext_lazy as _

from teams.actors import member
from teams.models import User
from teams.personal import Keeper

from .models import Printout


def tell(user: User) -> list:
    mine = Printout.objects.filter(by=member(user).key)
    return list(mine.values("journey__title", "options", "created_at", "state"))


def forget(user: User, former: str) -> int:
    """Their files go with the rows."""
    return Printout.objects.filter(by=member(user).key).delete()[0]


KEEPER = Keeper(_("documents to print"), tell, forget)
