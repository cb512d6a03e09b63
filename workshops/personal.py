"""What workshops keep of a member: which they led, and whether an outcome is to be sent to their
address. Guests have no account; their names go when the team's term is over (edits/guests.py)."""

from django.utils.translation import gettext_lazy

from teams.actors import member
from teams.models import User
from teams.personal import Keeper

from .models import Address, Workshop


def tell(user: User) -> dict:
    led = Workshop.objects.filter(led_by=member(user).key)
    return {
        "led": list(led.values("journey__title", "created_at", "ended_at")),
        "outcome_wanted": list(
            _addresses(user).values("email", "agreed_at", "guest__workshop__journey__title")
        ),
    }


def forget(user: User, former: str) -> int:
    _addresses(user).delete()
    led = Workshop.objects.filter(led_by=member(user).key)
    return led.update(led_by=former, led_by_name="")


def _addresses(user: User):
    """Those who came as guests under the address of their account."""
    return Address.objects.filter(email__iexact=user.email)


KEEPER = Keeper(gettext_lazy("workshops"), tell, forget)
