"""What a workspace's home shows: its maps found, sorted and paged, and its own templates."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from journeys.catalogues import Template, TemplateStage
from journeys.models import Journey, Stage
from personas.models import Persona
from teams.models import Workspace
from ui.text import folded

from .picture import Picture, picture_of
from .thumbnails import Thumbnail, thumbnails

PAGE = 12
MANY = 6  # past this many maps the home offers to find and to sort

MAPS, ARCHIVE = "maps", "archive"
SORTS = {
    "changed": _("Changed lately"),
    "title": _("By title"),
    "weakest": _("Weakest link first"),
    "created": _("Newest first"),
}


@dataclass(frozen=True)
class Tile:
    """A map as the home shows it."""

    journey: Journey
    thumbnail: Thumbnail
    picture: Picture


@dataclass(frozen=True)
class Home:
    """One page of a shelf. `total` counts the shelf, `found` what was searched for on it."""

    tiles: list[Tile]
    total: int
    found: int
    archived: int
    next_page: int | None


def home_of(
    workspace: Workspace,
    *,
    shelf: str = MAPS,
    sort: str = "changed",
    find: str = "",
    page: int = 1,
) -> Home:
    """The maps of a shelf. Finding looks at titles, aims and personas; pictures are drawn for the
    page alone, unless the weakest links are what sorts it."""
    personas = Prefetch("personas", Persona.objects.filter(deleted_at=None).order_by("name"))
    every = list(
        Journey.objects.filter(
            workspace=workspace, deleted_at=None, is_template=False, rehearses=None
        )
        .select_related("copied_from")
        .prefetch_related(personas)
        .order_by("-changed_at")
    )
    shelved = [row for row in every if (row.archived_at is not None) == (shelf == ARCHIVE)]
    wanted = folded(find)
    found = [row for row in shelved if wanted in _words(row)]
    if sort == "weakest":
        pictures = thumbnails(found)
        found.sort(key=lambda row: _level(pictures[row.pk]))
    elif sort in _KEYS:
        found.sort(key=_KEYS[sort])
    pages = list(batched(found, PAGE))
    shown = pages[page - 1] if 0 < page <= len(pages) else ()
    pictures = thumbnails(shown)
    return Home(
        tiles=[Tile(row, pictures[row.pk], picture_of(pictures[row.pk])) for row in shown],
        total=len(shelved),
        found=len(found),
        archived=sum(row.archived_at is not None for row in every),
        next_page=page + 1 if page < len(pages) else None,
    )


_KEYS: dict[str, Callable[[Journey], Any]] = {
    "title": lambda row: folded(row.title),
    "created": lambda row: -row.created_at.timestamp(),
}


def _level(picture: Thumbnail) -> int:
    """The lowest first; maps without a weakest link last."""
    return 10 if picture.weakest_level is None else picture.weakest_level


def _words(row: Journey) -> str:
    names = [persona.name for persona in row.personas.all()]
    return folded("\n".join([row.title, row.goal, row.summary, *names]))


def own_templates(workspace: Workspace) -> list[Template]:
    """The team's own templates, by title. The key of one is the id of its map."""
    rows = Journey.objects.filter(workspace=workspace, deleted_at=None, is_template=True)
    stages: dict = {}
    for stage in Stage.living.filter(journey__in=rows, parent=None).order_by("position", "id"):
        stages.setdefault(stage.journey_id, []).append(stage)
    return sorted(
        (_as_template(row, stages.get(row.pk, [])) for row in rows),
        key=lambda template: folded(template.name),
    )


def own_template(workspace: Workspace, key: str) -> Template | None:
    """One of them by its key."""
    return next((one for one in own_templates(workspace) if one.key == key), None)


def _as_template(row: Journey, stages: list[Stage]) -> Template:
    return Template(
        key=row.pk.hex,
        kind="own",
        name=row.title,
        description=row.summary or row.goal,
        stages=tuple(
            TemplateStage(stage.pk.hex, stage.name, stage.description, optional=False)
            for stage in stages
        ),
        lanes=(),
    )
