"""The one door: every change of a document passes through `turn()`.

In this order, once each, in one transaction:

1. take the document's turn: `UPDATE … SET seq = seq + 1`. The row lock holds until the commit,
   so numbers are given in the order in which the changes become visible;
2. ask the right again, now that nobody can change it under us;
3. a key seen before → `Repeated`: the first answer stands, nothing is done twice;
4. the caller sets rows and tells the turn what was before and what is after (facts);
5. one `Change` (facts, for ever) and one `Frame` per audience (drawn bytes, a day) are written;
6. announce: a hint to this and other processes, which may be lost: readers poll the numbers.

If nothing differs after step 4 the transaction rolls back and no number is used (`Unchanged`).
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone

from live.announce import announce
from teams.actors import EDIT, TEAM, Actor
from ui.build import BUILD
from ui.ids import uuid7

from . import frames
from .models import Change, Document, Frame


class Refused(Exception):
    """The change can't be made; the message is a sentence for the person who asked."""


class Forbidden(Refused, PermissionDenied):
    """The actor's grant does not allow it. Uncaught it is Django's page 403."""


class Gone(Refused, Http404):
    """The document or the part is deleted or was never there. Uncaught it is Django's page 404."""


class Repeated(Exception):
    """This key was answered before; `change` is what it did then."""

    def __init__(self, change: Change):
        super().__init__(change.seq)
        self.change = change


class Unchanged(Exception):
    """What was asked for is already so; no number was used. `seq` is the document's last."""

    def __init__(self, seq: int):
        super().__init__(seq)
        self.seq = seq


class KeyReused(Refused):
    """The same key came with another body."""


@dataclass(frozen=True)
class Intent:
    """What a browser says of one edit: its key, a digest of the body, the visit it belongs to."""

    key: UUID = field(default_factory=uuid7)
    body: str = ""
    visit: UUID | None = None

    @staticmethod
    def digest(data: dict) -> str:
        """A digest of what was asked, to tell a repeated post from a reused key."""
        text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Turn:
    """The document while it is ours: collects facts and, at the end, the change and its frames."""

    document: Document
    by: Actor
    intent: Intent
    verb: str
    target: str = ""
    audience: str = TEAM  # who may read of it in the history
    told: set[str] = field(default_factory=set)  # audiences that are told by a word to look anew
    told_later: set[str] = field(default_factory=set)  # … when they have a moment
    unnamed: bool = False  # the history doesn't say whose doing it was
    undoes: int | None = None
    missing: int = 0  # parts that were asked for and had gone meanwhile
    before: dict[str, dict | None] = field(default_factory=dict)
    after: dict[str, dict | None] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)  # audience → html

    @property
    def seq(self) -> int:
        return self.document.seq

    @property
    def author(self) -> str:
        """Whose doing it was, as rows and the history say it."""
        return nameless(self.by) if self.unnamed else self.by.key

    @property
    def html(self) -> str:
        """What the actor's own screen receives as the answer."""
        return self.frames.get(self.by.key) or self.frames.get(TEAM, "")

    def note(self, ref: str, before: dict | None, after: dict | None) -> None:
        """Notes a fact about one row. Later notes on the same row keep the first `before`."""
        if ref in self.before and self.before[ref] is not None and before is not None:
            self.before[ref] = {**before, **self.before[ref]}  # type: ignore[dict-item]
        else:
            self.before.setdefault(ref, before)
        if after is None or self.after.get(ref) is None:
            self.after[ref] = after
        else:
            self.after[ref] = {**self.after[ref], **after}  # type: ignore[dict-item]


def nameless(actor: Actor) -> str:
    """The key of somebody like the actor, nobody knows who."""
    return f"{actor.kind}:"


@contextmanager
def turn(
    document_id: UUID,
    *,
    by: Actor,
    verb: str,
    target: str = "",
    audience: str = TEAM,
    intent: Intent | None = None,
    right: str = EDIT,
    of: type[Document] = Document,
    draw: Callable[[Turn], dict[str, str]] | None = None,
) -> Iterator[Turn]:
    """Takes the document's turn for one change; see the head of this file.

    The turn's document is read as the model `of`. `draw` is called when the block ends, inside
    the transaction, and gives the HTML for each audience.
    Raises Gone, Forbidden, KeyReused, Repeated, Unchanged.
    """
    intent = intent or Intent()
    with transaction.atomic():
        Document.objects.filter(pk=document_id).update(seq=F("seq") + 1, changed_at=timezone.now())
        document = of._default_manager.filter(pk=document_id).first()
        if document is None:
            raise Gone
        if not by.grant(document.workspace_id).allows(right, target):
            raise Forbidden
        if done := Change.objects.filter(document_id=document_id, key=intent.key).first():
            if done.by not in (by.key, nameless(by)) or done.body != intent.body:
                raise KeyReused
            raise Repeated(done)
        mine = Turn(document, by, intent, verb, target, audience)
        yield mine
        if not mine.before and not mine.after:
            raise Unchanged(document.seq - 1)
        if draw:
            mine.frames = draw(mine)
        _write(mine)
        announce(document_id)


def _write(mine: Turn) -> None:
    now = timezone.now()
    Change.objects.create(
        document_id=mine.document.pk,
        seq=mine.seq,
        key=mine.intent.key,
        body=mine.intent.body,
        verb=mine.verb,
        target=mine.target,
        audience=mine.audience,
        before=mine.before,
        after=mine.after,
        by=mine.author,
        by_name="" if mine.unnamed else mine.by.name,
        visit=mine.intent.visit,
        at=now,
        undoes=mine.undoes,
    )
    Frame.objects.bulk_create(
        Frame(
            document_id=mine.document.pk,
            seq=mine.seq,
            audience=audience,
            html=html,
            build=BUILD,
            at=now,
        )
        for audience, html in mine.frames.items()
    )
    if mine.seq % 200 == 0:  # often enough, and no clock to run beside the server
        frames.prune(mine.document.pk)
