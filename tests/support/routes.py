"""Every route of the URL conf, who may open it, and what a good post to it is.

A route without a policy, or one that is posted to without a good post here, turns tests red: so a
new route meets the permission walk and the odd input by itself.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from uuid import uuid4

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from changes.models import Conflict
from journeys import images
from journeys.edits import cards, columns
from journeys.edits.images import add_image
from journeys.edits.journeys import edit_map
from journeys.edits.maps import create_map
from journeys.edits.versions import keep_version
from journeys.formats.plan import CardPlan, LanePlan, MapPlan, MetricPlan, OwnerPlan, StagePlan
from journeys.kinds import KINDS
from journeys.models import Card, Image, Journey, Lane, Stage
from live.models import Screen
from personas.edits import add_persona
from personas.models import Persona
from reports.models import Printout
from teams.actors import member
from teams.models import Invitation, Membership, Role, User, Workspace
from teams.policy import PUBLIC, SIGNED_IN
from tests.support import meetings, pictures
from ui.ids import uuid7
from workshops.edits import own_agendas

COLOURS = ("teal", "red")
# `ui` stands below `teams` and can't declare; what it has is told here.
LEAVES = {"set_language": PUBLIC, "set_theme": PUBLIC, "gallery": SIGNED_IN}


def routes(patterns=None, within: tuple[str, ...] = ()) -> dict[str, tuple[URLPattern, str]]:
    """All routes by name, with the whole path of each."""
    found = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = (*within, str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            found[pattern.name or "".join(path)] = (pattern, "".join(path))
        else:
            found |= routes(pattern.url_patterns, path)
    return found


ROUTES = routes()


def policy_of(name: str, method: str = "GET") -> str | None:
    """What the view declares for a method."""
    attribute = "post_policy" if method == "POST" else "policy"
    return LEAVES.get(name) or getattr(ROUTES[name][0].callback, attribute, None)


@cache
def _picture(colour: str) -> images.Encoded:
    """Encoded once: each world would start a child process for it."""
    return images.encode(pictures.file(colour=colour))


def make_world(room: Workspace, owner: User) -> SimpleNamespace:
    """A map with one card of each content, and one of everything that a route may name."""
    by = member(owner)
    plan = MapPlan(
        title="Bouquet",
        owners=[OwnerPlan("shop", "The shop")],
        stages=[StagePlan("seek", "Seek"), StagePlan("buy", "Buy"), StagePlan("gone", "Gone")],
        lanes=[
            *(LanePlan(content, content.title(), content) for content in KINDS),
            LanePlan("gone-lane", "Gone"),
        ],
        metrics=[MetricPlan("share", "Share", plan=3.0)],
        cards=[
            *(CardPlan(f"a-{content}", "seek", content, f"A {content}") for content in KINDS),
            CardPlan("a-gone", "buy", "text", "A card in the bin"),
        ],
    )
    journey = create_map(plan, workspace=room, by=by)
    persona = add_persona(room, name="Vasily", language="en", data={"segment": "Late"}, by=by)
    card = {one.key.removeprefix("a-"): one for one in Card.objects.filter(journey=journey)}
    stage = {one.key: one for one in Stage.objects.filter(journey=journey)}
    lane = {one.key: one for one in Lane.objects.filter(journey=journey)}
    cards.delete_card(journey.pk, card["gone"].pk, by=by)
    columns.delete(journey.pk, Stage, stage["gone"].pk, by=by)
    columns.delete(journey.pk, Lane, lane["gone-lane"].pk, by=by)
    bin = {"workspace": room, "deleted_at": timezone.now(), "deleted_by": by.key}
    guest = User.objects.create_user(f"guest@{room.slug}.example.org", name="Guest")
    image, other = (Image.objects.create(**images.store(journey, _picture(c))) for c in COLOURS)
    add_image(journey.pk, card["touchpoint"].pk, image=image.pk, by=by)
    deleted_room = Workspace.objects.create(
        name="Old", slug=f"{room.slug}-old", deleted_at=timezone.now()
    )
    for one in room.memberships.all():
        Membership.objects.create(workspace=deleted_room, user=one.user, role=one.role)
    deleted_map = Journey.objects.create(title="An old map", **bin)
    rooms = meetings.make_meetings(room, deleted_map, by)
    version = keep_version(journey.pk, "As it was", by=by)
    edit_map(journey.pk, fields={"summary": "He buys flowers"}, by=by)
    return SimpleNamespace(
        rooms=rooms,
        agenda=own_agendas.keep(rooms["plan"].workshop, "Of the team", by=by),
        deleted_room=deleted_room,
        version=version,
        on_card=image,
        image=other,
        room=room,
        map=journey,
        deleted_map=deleted_map,
        persona=persona,
        deleted_persona=Persona.objects.create(name="An old persona", **bin),
        card=card,
        stage=stage,
        lane=lane,
        metric=journey.metrics.get(),
        conflict=Conflict.objects.create(
            document=journey,
            target=f"card:{card['text'].pk.hex}",
            field="text",
            base="A",
            mine="B",
            theirs="C",
            by=by.key,
            by_name="Anna",
            theirs_name="Boris",
        ),
        screen=Screen.objects.create(
            channel=journey.pk, process=uuid4(), actor=by.key, name="Anna", seen_at=timezone.now()
        ),
        job=Printout.objects.create(
            journey=journey, key="x", by=by.key, state=Printout.State.CANCELLED
        ),
        guest=Membership.objects.create(workspace=room, user=guest, role=Role.VIEWER),
        invitation=Invitation.objects.create(
            workspace=room, role=Role.VIEWER, created_by=owner, token=f"token-{room.slug}"
        ),
    )


# Which of the world's meetings a route is about; the others are about the one that writes.
_MEETING_OF = {
    **dict.fromkeys(("begin_workshop", "drop_workshop", "add_step", "edit_step"), "plan"),
    **dict.fromkeys(("move_step", "duplicate_step", "delete_step"), "plan"),
    **dict.fromkeys(("collect", "rehearse", "keep_agenda", "check_phone", "phone_seen"), "plan"),
    **dict.fromkeys(("play", "close_rehearsal"), "rehearsal"),
    "gather": "collecting",
    **dict.fromkeys(
        ("join_cards", "part_cards", "take_value", "add_task", "split_results"), "shown"
    ),
    **dict.fromkeys(("enter", "type_code"), "shown"),
    **dict.fromkeys(("outcome", "votes_csv", "share_outcome", "shared_outcome"), "over"),
    "send_outcome": "over",
    **dict.fromkeys(("outcome_pdf", "shared_outcome_pdf"), "over"),
    "vote": "vote",
    "rate": "rate",
}


def meeting_of(name: str, world: SimpleNamespace) -> SimpleNamespace:
    """The workshop that a route is about in this world."""
    return world.rooms[_MEETING_OF.get(name, "write")]


def address(name: str, world: SimpleNamespace, **parts) -> str:
    """The route's address in this world; `parts` replaces some of its arguments."""
    kind = (policy_of(name) or "").partition(":")[0]
    gone = name.startswith("restore_")
    meeting = meeting_of(name, world)
    token = {
        "enter": meeting.workshop.token,
        "phone_seen": meeting.workshop.token,
        "wall": meeting.workshop.wall_token,
        "wall_screen": meeting.workshop.wall_token,
        "shared_outcome": meeting.workshop.outcome_token,
        "shared_outcome_pdf": meeting.workshop.outcome_token,
    }
    document = {
        "workshop": meeting.workshop,
        "room": meeting.workshop,
        "map": world.deleted_map if name == "restore_map" else world.map,
        "persona": world.deleted_persona if gone else world.persona,
        "operator": world.guest.user,
        "workspace": world.invitation if name == "revoke_invitation" else world.guest,
    }
    if name.endswith("_lane"):
        row = world.lane["gone-lane" if gone else "text"]
    else:
        row = world.stage["gone" if gone else "seek"]
    known = {
        "slug": (world.deleted_room if name == "restore_team" else world.room).slug,
        "pk": document[kind].pk if kind in document else None,
        "card": {
            "part_cards": world.rooms["shown"].card["barrier-2"],
            "edit_guest_card": world.rooms["write"].card["marina"],
            "delete_guest_card": world.rooms["write"].card["marina"],
        }.get(name, world.card["gone" if gone else "touchpoint"]).pk,
        "step": meeting.step.pk,
        "agenda": world.agenda.pk,
        "group": world.rooms["write"].group.pk,
        "guest": world.rooms["write"].guest["removed" if name == "let_guest_back" else "igor"].pk,
        "row": row.pk,
        "conflict": world.conflict.pk,
        "version": world.version.pk,
        "job": world.job.pk,
        "image": world.on_card.pk,
        "size": "small",
        "format": "json",
        "token": token.get(name, world.invitation.token),
        "language": "en",
    }
    wanted = get_resolver().reverse_dict.getlist(name)[0][3]
    return reverse(name, kwargs={part: {**known, **parts}[part] for part in wanted})


def post_to(name: str, world: SimpleNamespace) -> dict | None:
    """The fields of a good post; None for a route that none is known for."""
    place = {"stage": world.stage["buy"].pk, "lane": world.lane["touchpoint"].pk}
    places = {name: str(pk) for name, pk in place.items()}
    card = world.card["touchpoint"].pk
    after = {"after": world.stage["buy"].pk}
    person = {"name": "Dina", "email": "dina@example.org", "password": "peonies at noon"}
    meeting = meeting_of(name, world)
    step = {"step": meeting.step.pk}
    column = world.rooms["write"].stage["seek"].pk
    posts = {
        "new_workshop": {"agenda": "barriers"},
        "keep_agenda": {"name": "Ours"},
        "rename_agenda": {"name": "Theirs"},
        "delete_agenda": {},
        "begin_workshop": {},
        "collect": {"until": "2099-01-01T10:00", "expected": "Ann\nBen"},
        **{name: {} for name in ("gather", "rehearse", "play", "close_rehearsal")},
        "drop_workshop": {},
        "add_step": {},
        "edit_step": {
            "kind": "write",
            "name": "Goals",
            "question": "What for?",
            "instructions": "Write",
            "lane": meeting.step.lane_id,
            "stages": [world.rooms["plan"].stage["seek"].pk.hex],
            "minutes": "7",
            "hidden": "on",
            "named": "on",
            "votes": "5",
            "take": "2",
            "aspect": "emotion",
        },
        "move_step": {"to": "0"},
        "duplicate_step": {},
        "delete_step": {},
        "go_to_step": {},
        **{f"{verb}_entry": {} for verb in ("open", "close")},
        **{act: {} for act in ("pause", "go_on", "adjourn", "reveal", "take_over", "end_workshop")},
        "extend": {"minutes": "3"},
        "lock": {"locked": "1"},
        "split_results": {"split": "1"},
        "spotlight": {"target": f"stage:{column.hex}", "phones": "1"},
        "turn_page": {"page": "1"},
        "join_cards": {
            "card": [world.rooms["shown"].card[f"barrier-{n}"].pk for n in (0, 1)],
            "text": "Both",
        },
        "part_cards": {},
        "take_value": {
            "subject": f"stage:{world.rooms['shown'].stage['seek'].pk.hex}",
            "aspect": "emotion",
            "value": "2",
        },
        "add_task": {
            "solution": world.rooms["shown"].card["solution-0"].pk,
            "text": "Call them",
            "owner": "Director",
            "due": "2026-12-01",
        },
        "add_by_hand": {"name": "Dina"},
        "rename_guest": {"name": "Dina"},
        "remove_guest": {},
        "let_guest_back": {},
        "forget_guest": {},
        "describe_guest": {"standing": "staff", "observes": "1", "heads": "4"},
        **{act: {} for act in ("add_group", "delete_group", "share_out")},
        "edit_group": {"name": "Staff", "stages": [column.hex], "persona": ""},
        "move_guest": {"group": world.rooms["write"].group.pk},
        "write_for": {
            "id": uuid7(),
            "guest": world.rooms["write"].guest["igor"].pk,
            "stage": column,
            "text": "Said aloud",
        },
        "share_outcome": {},
        "send_outcome": {},
        "leave_address": {"email": "marina@example.org", "agreed": "1"},
        "take_address_back": {},
        **{f"{who}outcome_pdf": {"paper": "none"} for who in ("", "shared_")},  # as printout
        "type_code": {"code": meeting.workshop.code},
        "enter": {"name": "Dina", "heads": "4"},
        "phone_seen": {},
        "add_guest_card": {
            **step,
            "id": uuid7(),
            "stage": column,
            "text": "No answer",
            "lifts": [world.rooms["write"].card["barrier-0"].pk],
        },
        "edit_guest_card": {"text": "Other words"},
        "delete_guest_card": {},
        "say_done": {"done": "1"},
        "say_heads": {"heads": "4"},
        "rename_self": {"name": "Marina P."},
        "vote": {**step, "card": world.rooms["vote"].card["solution-1"].pk, "count": "2"},
        "rate": {
            **step,
            "subject": f"stage:{world.rooms['rate'].stage['seek'].pk.hex}",
            "aspect": "emotion",
            "value": "-2",
        },
        "add_card": {"id": uuid7(), "text": "New", "expectation": 9, "owner": "Shop", **place},
        "card": {
            "text": "Newer",
            "base": "A touchpoint",
            "expectation": 9,
            "perception": 2,
            "importance": 3,
            "moment_of_truth": "true",
            "way_in": "true",
            "evidence": "assumed",
            "channel": "phone",
            "mode": "both",
            "owner": "Director",
            "catalogue_key": "serp",
        },
        "move_card": place,
        "duplicate_card": {"id": uuid7()},
        "delete_card": {},
        "restore_card": {"text": "My words"},
        "solve_conflict": {"choice": "both"},
        "add_stage": {
            "id": uuid7(),
            "name": "Return",
            "description": "Brings it back",
            "duration": "a day",
            **after,
        },
        "edit_stage": {"name": "Search", "description": "Looks round", "duration": "an hour"},
        "add_lane": {"id": uuid7(), "name": "Weather", "content": "text", "hint": "Sky"},
        "edit_lane": {"name": "Sky", "hint": "What is above"},
        "move_stage": after,
        "move_lane": {"after": world.lane["metric"].pk},
        **{f"duplicate_{noun}": {"id": uuid7()} for noun in ("stage", "lane")},
        **{f"{verb}_{noun}": {} for verb in ("delete", "restore") for noun in ("stage", "lane")},
        "edit_map": {
            "title": "Flowers",
            "base": "Bouquet",
            "summary": "He buys",
            "goal": "More",
            "measure": "30 %",
            "plan_starts": "2026-09-01",
            "language": "ru",
            "kind": "to_be",
        },
        "set_personas": {"persona": [world.persona.pk]},
        "divide_stage": {"id": [uuid7(), uuid7()], "name": ["First", "Then"]},
        "move_cards": {"moves": json.dumps([{"cards": [str(card)], **places}])},
        "edit_cards": {"cards": card, "tags_add": "new"},
        "duplicate_cards": {"cards": card, "ids": uuid7()},
        "delete_cards": {"cards": card},
        "add_image": {"image": world.image.pk},
        "describe_image": {"alt": "A bouquet"},
        "remove_image": {},
        "send_image": {"id": uuid7(), "file": SimpleUploadedFile("a.png", pictures.file())},
        "paste_block": {
            "block": json.dumps(
                {
                    "stages": [{"id": places["stage"], "name": ""}],
                    "lanes": [{"id": places["lane"], "name": ""}],
                    "rows": [["Pasted"]],
                }
            )
        },
        "look_at_block": {"rows": json.dumps([["Pasted"]]), **places},
        "undo": {},
        "redo": {},
        "presence": {"screen": world.screen.pk, "target": world.card["text"].pk.hex, "away": "1"},
        "rename_map": {"title": "Flowers"},
        "keep_version": {"label": "Before the meeting"},
        "back_to_version": {},
        "delete_map": {},
        "restore_map": {},
        "duplicate_map": {"cards": "no"},
        "archive_map": {},
        "make_to_be": {},
        "make_template": {"cards": "yes"},
        "new_map": {
            "title": "Gift",
            "language": "en",
            "template": "retail_7",
            "stage": ["awareness"],
            "goal": "More",
            "measure": "30 %",
            "persona": world.persona.pk,
        },
        "import_map": {"file": SimpleUploadedFile("shop.mmd", b"journey\n title Shop\n  Go: 3: A")},
        "new_persona": {"name": "Ann", "segment": "Late", "quotes": "One\nTwo"},
        "persona": {"name": "Vasily P.", "base-name": "Vasily", "segment": "Late"},
        "delete_persona": {},
        "restore_persona": {},
        "printout": {"paper": "none"},  # what is really printed is another test's
        "printout_cancel": {},
        "invite": {"role": "viewer"},
        "revoke_invitation": {},
        "change_role": {"role": "editor"},
        "remove_member": {},
        "reset_link": {},
        "leave_team": {},
        "close_account": {},
        "open_account": {},
        "rename_workspace": {"name": "Roses"},
        "guest_names": {"days": "30"},
        "remove_demo": {},
        "delete_team": {"name": world.room.name},
        "restore_team": {},
        "delete_account": {"password": "tulips in the morning"},
        "new_workspace": {"name": "Roses"},
        "account": {"name": "Anna P.", "email": "anna@example.org", "language": "en"},
        "change_password": {"old": "tulips in the morning", "new": "peonies at noon"},
        "welcome": {**person, "team": "Roses"},
        "join": person,
        "sign_in": {"email": "anna@example.org", "password": "tulips in the morning"},
        "sign_in_link": {},
        "sign_out": {},
        "set_language": {"language": "en"},
        "set_theme": {"theme": "dark"},
    }
    return posts.get(name)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything(*without: type) -> dict[str, list]:
    """All rows of the database, to see that nothing has changed."""
    return {
        model._meta.label: sorted(map(str, model._base_manager.values_list()))
        for model in apps.get_models()
        if model not in without
    }


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that write, but for sessions and counted tries; far quicker than to compare
    everything, and the same where there is none."""
    found: list[str] = []

    def watch(execute, sql, params, many, context):
        if WRITES.match(sql) and not NOTHING_OF_OURS.search(sql[:60]):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


WRITES = re.compile(
    r"\s*(WITH|INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|DROP|ALTER|CREATE)", re.I
)
NOTHING_OF_OURS = re.compile('"(django_session|teams_throttle)"')
