"""What maps keep of a person: what they deleted and archived, and where they are responsible."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from teams.actors import member
from teams.models import User
from teams.personal import Keeper

from .models import Card, Journey, Lane, Metric, Owner, Stage, Version

PARTS = (Card, Stage, Lane, Metric, Owner)


def tell(user: User) -> dict:
    key = member(user).key
    return {
        "responsible_in": list(Owner.objects.filter(user=user).values("journey__title", "name")),
        "versions": list(Version.objects.filter(by=key).values("journey__title", "label", "at")),
        "archived": list(Journey.objects.filter(archived_by=key).values("title", "archived_at")),
        "deleted": {
            model._meta.model_name: list(
                model._default_manager.filter(deleted_by=key).values("journey__title", "deleted_at")
            )
            for model in PARTS
        },
    }


def forget(user: User, former: str) -> int:
    key = member(user).key
    count = Journey.objects.filter(archived_by=key).update(archived_by=former)
    count += Version.objects.filter(by=key).update(by=former, by_name="")
    count += Card.objects.filter(audience=key).update(audience=former)
    for model in PARTS:
        count += model._default_manager.filter(deleted_by=key).update(deleted_by=former)
    for owner in Owner.objects.filter(user=user).select_related("journey"):
        with override(owner.journey.language):
            former_name = _("Former member")
        _rename_in_versions(owner, former_name)
        count += Owner.objects.filter(pk=owner.pk).update(name=former_name, user=None)
    return count


def _rename_in_versions(owner: Owner, name: str) -> None:
    for version in Version.objects.filter(journey=owner.journey_id):
        named = [one for one in version.snapshot["owners"] if one["name"] == owner.name]
        for one in named:
            one["name"] = name
        if named:
            version.save(update_fields=["snapshot"])


KEEPER = Keeper(gettext_lazy("parts of maps"), tell, forget)
