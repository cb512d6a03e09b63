"""What can be done to personas. A persona is a document and has its turn like a map."""

from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone

from changes.merge import merge
from changes.record import Gone, Intent, Turn, turn
from teams.actors import Actor
from teams.models import Workspace

from .models import Persona

NAME, LONGEST = 100, 20_000  # characters of the name, of any other field


def add_persona(
    workspace: Workspace, *, name: str, language: str, by: Actor, data: Mapping | None = None
) -> Persona:
    """A new persona in the workspace."""
    persona = Persona.objects.create(workspace=workspace, name=name, language=language)
    with turn(persona.pk, by=by, verb="add_persona", target="persona") as mine:
        persona.data = dict(data or {})
        persona.save(update_fields=["data"])
        mine.note(_ref(persona), None, {"name": name, **persona.data})
    return persona


def edit_persona(
    persona_id: UUID,
    *,
    fields: Mapping,
    base: Mapping | None = None,
    by: Actor,
    intent: Intent | None = None,
) -> Turn:
    """Sets the name or fields of `fields.py`. `base` holds what each was written over: words that
    others changed meanwhile are joined where they do not touch; where they do, the later stand
    and the earlier are in the history."""
    with turn(persona_id, by=by, verb="edit_persona", target="persona", intent=intent) as mine:
        persona = _find(persona_id)
        before, after = {}, {}
        for name, value in fields.items():
            old = persona.name if name == "name" else persona.data.get(name)
            new = _joined((base or {}).get(name), value, old, NAME if name == "name" else LONGEST)
            if new == old or (not new and not old):
                continue
            before[name], after[name] = old, new
            if name == "name":
                persona.name = new
            elif new:
                persona.data[name] = new
            else:
                persona.data.pop(name, None)
        if after:
            persona.save(update_fields=["name", "data"])
            mine.note(_ref(persona), before, after)
    return mine


def _joined(base, mine, theirs, most: int):
    """Merges texts of at most `most` characters; a list is a text of lines."""
    if base is None or base == theirs or theirs is None:
        return mine
    lines = isinstance(mine, list)
    texts = ("\n".join(value or []) for value in (base, mine, theirs))
    merged = merge(*(texts if lines else (base, mine, theirs)))
    if merged is None or len(merged) > most or (mine and not merged.strip()):
        return mine
    return [line for line in merged.split("\n") if line.strip()] if lines else merged


def _find(persona_id: UUID, *, deleted: bool = False) -> Persona:
    """The persona, read while the turn is ours. Raises Gone."""
    persona = Persona.objects.filter(pk=persona_id, deleted_at__isnull=not deleted).first()
    if persona is None:
        raise Gone
    return persona


def delete_persona(persona_id: UUID, *, by: Actor) -> Turn:
    """Puts it into the bin; maps made for it keep their link and show it again when it is back."""
    with turn(persona_id, by=by, verb="delete_persona", target="persona") as mine:
        _find(persona_id)
        Persona.objects.filter(pk=persona_id).update(deleted_at=timezone.now(), deleted_by=by.key)
        mine.note(f"persona:{persona_id.hex}", {"deleted": False}, {"deleted": True})
    return mine


def restore_persona(persona_id: UUID, *, by: Actor) -> Turn:
    """Takes it out of the bin."""
    with turn(persona_id, by=by, verb="restore_persona", target="persona") as mine:
        _find(persona_id, deleted=True)
        Persona.objects.filter(pk=persona_id).update(deleted_at=None, deleted_by="")
        mine.note(f"persona:{persona_id.hex}", {"deleted": True}, {"deleted": False})
    return mine


def _ref(persona: Persona) -> str:
    return f"persona:{persona.pk.hex}"
