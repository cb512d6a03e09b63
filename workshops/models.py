"""A workshop on a map: its agenda, its guests, and what they gave.

All of it changes only in the map's turn (edits/door.py), so the map's row is its lock, and the
order of the map's changes is the order in which the room lived through it.
"""

import secrets

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from journeys.models import Card, Journey, Lane, Version
from personas.models import Persona
from teams.models import Workspace
from ui.ids import uuid7

from . import codes, limits

# The questions that are rated, in words.
ASPECTS = {
    "emotion": _("Feeling"),
    "expectation": _("Expected"),
    "perception": _("Got"),
    "effort": _("Effort"),
    "impact": _("Impact"),
}
# Who people are, in words for several of them; empty: not said.
STANDINGS = {
    "staff": _("Staff"),
    "newcomer": _("Newcomers"),
    "outsider": _("From outside"),
    "": _("Not said"),
}


def _wall_token() -> str:
    return secrets.token_urlsafe(16)


class OwnAgenda(models.Model):
    """An agenda that a team keeps for all its maps. `steps` are those of agendas.py: a lane is
    described by its kind, content and name, stages by their names."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="agendas")
    name = models.CharField(max_length=100)
    steps = models.JSONField()
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("workspace", Lower("name"), name="own_agenda_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="own_agenda_named"),
        ]


class Workshop(models.Model):
    """One meeting of people over one map, perhaps over several days."""

    class State(models.TextChoices):
        PREPARING = "preparing"
        COLLECTING = "collecting"  # people write before they meet, until a deadline
        OPEN = "open"  # people come in and wait
        RUNNING = "running"
        ADJOURNED = "adjourned"  # goes on another day: same link, people and drafts
        ENDED = "ended"

    LIVE = (State.COLLECTING, State.OPEN, State.RUNNING, State.ADJOURNED)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="workshops")
    agenda = models.CharField(max_length=100, blank=True)  # the ready one, or a name of the team's
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    created_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    led_by = models.CharField(max_length=120)  # an actor's key
    led_by_name = models.CharField(max_length=100)
    # The ways in. The token is in the QR code; the code is typed, and good while entry is open.
    token = models.CharField(max_length=40, unique=True, default=codes.new_token)
    code = models.CharField(max_length=8, blank=True)
    entry_open = models.BooleanField(default=False)
    wall_token = models.CharField(max_length=40, unique=True, default=_wall_token)
    outcome_token = models.CharField(max_length=40, blank=True)  # empty: nobody reads it by link
    outcome_sent_at = models.DateTimeField(null=True, blank=True)  # to those who left an address
    outcome_sent = models.PositiveIntegerField(default=0)  # how many mails have gone
    checked_at = models.DateTimeField(null=True, blank=True)  # a phone has opened the QR's link
    expected = models.JSONField(default=list, blank=True)  # names of whom one waits for
    # Where the room is.
    step = models.ForeignKey("Step", models.SET_NULL, null=True, blank=True, related_name="+")
    ends_at = models.DateTimeField(null=True, blank=True)  # by the server's clock
    paused_left = models.PositiveIntegerField(null=True, blank=True)  # seconds, while paused
    locked = models.BooleanField(default=False)  # nothing is taken from participants
    spotlight = models.CharField(max_length=80, blank=True)  # "stage:", "lane:" or "card:<hex>"
    spotlight_on_phones = models.BooleanField(default=False)
    page = models.PositiveSmallIntegerField(default=0)  # of what the wall shows, for all walls
    next_number = models.PositiveIntegerField(default=1)  # of the next guest
    # The map as people came in, and as it was at the end.
    before = models.ForeignKey(Version, models.SET_NULL, null=True, blank=True, related_name="+")
    after = models.ForeignKey(Version, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["journey"], condition=~Q(state="ended"), name="workshop_one_at_a_time"
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="workshop_code"),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | ~Q(state="ended") & Q(ended_at=None),
                name="workshop_ended_paired",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(paused_left=None), name="workshop_clock_one"
            ),
        ]

    @property
    def room(self) -> str:
        """The audience of everybody who is in it."""
        return f"room:{self.pk.hex}"

    @property
    def desk(self) -> str:
        """The audience of the wall and the facilitator's panel."""
        return f"desk:{self.pk.hex}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_at_step(self) -> bool:
        """Whether people may be writing, rating or voting now."""
        return (
            self.state in (self.State.RUNNING, self.State.COLLECTING) and self.step_id is not None
        )

    @property
    def is_paused(self) -> bool:
        return self.paused_left is not None

    def seconds_left(self, now=None) -> int | None:
        """Until the step's time is over, 0 after it; None where it has no clock."""
        if self.paused_left is not None:
            return self.paused_left
        if self.ends_at is None:
            return None
        return max(0, round((self.ends_at - (now or timezone.now())).total_seconds()))


class Step(models.Model):
    """One step of the agenda: a question to the room, and what may be done about it."""

    class Kind(models.TextChoices):
        SHOW = "show", _("Everybody looks")
        WRITE = "write", _("Cards are written")
        GROUP = "group", _("Similar cards are joined")
        RATE = "rate", _("The room rates")
        VOTE = "vote", _("The room votes")
        DECIDE = "decide", _("Tasks are given")
        BREAK = "break", _("A break")  # without minutes it goes on another day

    class Aspect(models.TextChoices):
        EMOTION = "emotion", _("The feeling at each stage")
        SERVICE = "service", _("Expected and got, at each touchpoint")
        EFFORT = "effort", _("Effort and impact of each solution")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.WRITE)
    name = models.CharField(max_length=100)
    question = models.CharField(max_length=200)
    instructions = models.TextField(blank=True)
    lane = models.ForeignKey(Lane, models.SET_NULL, null=True, blank=True, related_name="+")
    stages = models.JSONField(default=list, blank=True)  # hex ids; empty: all
    minutes = models.PositiveSmallIntegerField(default=5)
    hidden = models.BooleanField(default=True)  # until revealed
    named = models.BooleanField(default=False)  # who wrote it is shown
    votes = models.PositiveSmallIntegerField(default=3)
    take = models.PositiveSmallIntegerField(default=4)  # how many of the ranked go on
    aspect = models.CharField(max_length=10, choices=Aspect, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)  # cards, ratings or votes
    split = models.BooleanField(default=False)  # what was given is shown by who people are, too

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(votes__gte=1, votes__lte=20), name="step_votes"),
            models.CheckConstraint(condition=Q(minutes__lte=240), name="step_minutes"),
            models.CheckConstraint(condition=~Q(name=""), name="step_named"),
        ]

    @property
    def is_secret(self) -> bool:
        """Whether what is given in it is still to be shown."""
        return (
            self.revealed_at is None
            and self.kind not in (self.Kind.SHOW, self.Kind.BREAK)
            and (self.kind in (self.Kind.VOTE, self.Kind.RATE) or self.hidden)
        )


class Group(models.Model):
    """Some of the guests, with stages of their own, or in the place of one persona."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="groups")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=60)
    stages = models.JSONField(default=list, blank=True)  # hex ids; empty: all
    persona = models.ForeignKey(Persona, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="group_named")]


class Guest(models.Model):
    """Somebody in the room, known by a name and by their browser."""

    class Standing(models.TextChoices):
        STAFF = "staff"
        NEWCOMER = "newcomer"
        OUTSIDER = "outsider"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="guests")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=40)
    joined_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    observes = models.BooleanField(default=False)  # sees, gives nothing
    standing = models.CharField(max_length=10, choices=Standing, blank=True)
    group = models.ForeignKey(Group, models.SET_NULL, null=True, blank=True, related_name="members")
    heads = models.PositiveSmallIntegerField(default=1)  # how many people share the phone
    made_up = models.BooleanField(default=False)  # plays in a rehearsal
    by_hand = models.BooleanField(default=False)  # has no phone: the facilitator types for them
    forgotten = models.BooleanField(default=False)  # the name is a number: the team's term is over
    done = models.ForeignKey(Step, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="guest_number_once"),
            models.CheckConstraint(condition=~Q(name=""), name="guest_named"),
            models.CheckConstraint(
                condition=Q(heads__gte=1, heads__lte=limits.HEADS), name="guest_heads"
            ),
        ]

    @property
    def key(self) -> str:
        return f"guest:{self.pk.hex}"

    @property
    def called(self) -> str:
        """The name, and of a table how many people it is."""
        if self.heads == 1:
            return self.name
        people = ngettext("%(n)s person", "%(n)s people", self.heads) % {"n": self.heads}
        return f"{self.name} · {people}"


class Address(models.Model):
    """Where a guest wants the outcome sent to, as they have agreed to. It lives until the mail has
    gone, or as long as the guest's name; no history, no file and no backup knows it."""

    guest = models.OneToOneField(Guest, models.CASCADE, related_name="address")
    email = models.EmailField()
    language = models.CharField(max_length=2)
    agreed_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True)  # by whoever is sending to it


class Contribution(models.Model):
    """That a card was written in a step, and by whom. Joined cards name the one they went into."""

    card = models.OneToOneField(Card, models.CASCADE, related_name="contribution")
    step = models.ForeignKey(Step, models.CASCADE, related_name="contributions")
    guest = models.ForeignKey(Guest, models.SET_NULL, null=True, related_name="contributions")
    late = models.BooleanField(default=False)
    into = models.ForeignKey(Card, models.SET_NULL, null=True, blank=True, related_name="joined")


class Vote(models.Model):
    """How many of their votes somebody gives a card in a step."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="ballots")
    guest = models.ForeignKey(Guest, models.CASCADE, related_name="votes")
    card = models.ForeignKey(Card, models.CASCADE, related_name="votes")
    count = models.PositiveSmallIntegerField()
    standing = models.CharField(max_length=10, blank=True)  # of the guest, as it was shown

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "guest", "card"], name="vote_once"),
            models.CheckConstraint(
                condition=Q(count__gte=1, count__lte=20 * limits.HEADS), name="vote_count"
            ),
        ]


class Rating(models.Model):
    """What somebody answers about a stage or a card: −5 … +5, 1 … 10, or 1 … 5 by its aspect."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="ratings")
    guest = models.ForeignKey(Guest, models.CASCADE, related_name="ratings")
    # "stage:<hex>" or "card:<hex>"; of a group that speaks for a persona "stage:<hex>:<hex>".
    subject = models.CharField(max_length=80)
    aspect = models.CharField(max_length=12)  # a column of the card
    value = models.SmallIntegerField()
    standing = models.CharField(max_length=10, blank=True)  # of the guest, as it was shown

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "guest", "subject", "aspect"], name="rating_once"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=-5, value__lte=10), name="rating_in_range"
            ),
        ]
