"""What workshops keep of a member: which they led. Guests have no account; their names go when
the team's term is over (edits/guests.py)."""

from django.utils.translation import gettext_lazy

from teams.actors import member
from teams.models import User
from teams.personal import Keeper

from .models import Workshop


def tell(user: User) -> list:
    led = Workshop.objects.filter(led_by=member(user).key)
    return [*led.values("journey__title", "created_at", "ended_at")]


def forget(user: User, former: str) -> int:
    led = Workshop.objects.filter(led_by=member(user).key)
    return led.update(led_by=former, led_by_name="")


KEEPER = Keeper(gettext_lazy("workshops"), tell, forget)
