"""A map from a file, shown before it is made; and a map as a file."""

import json
from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from changes.record import Forbidden, Refused
from journeys import limits
from journeys.access import map_to_read
from journeys.catalogues import content_name, lane_kinds
from journeys.edits import maps
from journeys.formats import map_json, table
from journeys.formats.plan import MapPlan, Remark, Unreadable, understood
from journeys.formats.read import read
from journeys.formats.write import CONTENT_TYPES, JSON, write
from journeys.kinds import KINDS
from teams.access import actor_of, workspace_to_edit
from teams.policy import policy

SHOWN = 200  # remarks of one kind on the page
MARKS = 9  # cards of one cell in the picture


@policy("workspace:edit")
@require_http_methods(["GET", "POST"])
def import_map(request: HttpRequest, slug: str) -> HttpResponse:
    """First a file, then what was understood of it, then the map. A file that was understood
    whole and can't be misread (our own JSON) needs no looking through."""
    workspace = workspace_to_edit(request, slug)
    page = {"workspace": workspace, "error": ""}
    if request.method == "POST":
        try:
            if "map" in request.POST:
                plan, remarks = _confirmed(request), []
            else:
                plan, remarks = _uploaded(request)
            if remarks:
                return render(
                    request, "journeys/import_checked.html", page | _checked(plan, remarks)
                )
            journey = maps.create_map(plan, workspace=workspace, by=actor_of(request))
            return redirect("map", journey.pk)
        except Forbidden:
            raise
        except (Unreadable, Refused) as problem:
            page["error"] = str(problem)
    status = 422 if page["error"] else 200
    return render(request, "journeys/import.html", page, status=status)


def _uploaded(request: HttpRequest) -> tuple[MapPlan, list[Remark]]:
    file = request.FILES.get("file")
    if file is None:
        raise Unreadable(_("Choose a file first."))
    return read(file.name or "", file.read())


def _confirmed(request: HttpRequest) -> MapPlan:
    """The map that the page was shown, as the person has corrected it. It was in the browser:
    it is read as carefully as any file."""
    plan, _remarks = map_json.parse(request.POST["map"].encode())
    if title := " ".join(request.POST.get("title", "").split()):
        plan.title = title[: limits.TITLE]
    for number, lane in enumerate(plan.lanes):
        kind, _colon, content = request.POST.get(f"lane-{number}", "").partition(":")
        if content in KINDS and (kind, content) != (lane.kind, lane.content):
            table.retype(plan, lane, kind, content)
    return plan


def _checked(plan: MapPlan, remarks: list[Remark]) -> dict:
    """What the page shows of a map that isn't one yet."""
    filled = Counter((card.stage, card.lane) for card in plan.cards)
    divided = {stage.parent for stage in plan.stages if stage.parent}
    stages = [stage for stage in plan.stages if stage.key not in divided]
    return {
        "plan": plan,
        "understood": understood(plan),
        "stages": stages,
        "rows": [
            {
                "lane": lane,
                "type": f"{lane.kind}:{lane.content}",
                "cells": [
                    {
                        "count": filled[stage.key, lane.key],
                        "marks": range(min(filled[stage.key, lane.key], MARKS)),
                    }
                    for stage in stages
                ],
                "total": sum(filled[stage.key, lane.key] for stage in stages),
            }
            for lane in plan.lanes
        ],
        "remarks": {
            kind: [remark for remark in remarks if remark.kind == kind][:SHOWN]
            for kind in ("note", "partly", "refused")
        },
        "counts": Counter(remark.kind for remark in remarks),
        "lane_types": {
            "kinds": [(f"{kind.key}:{kind.content}", kind.name) for kind in lane_kinds()],
            "own": [(f":{content}", content_name(content).capitalize()) for content in KINDS],
        },
        "map": json.dumps(map_json.dump(plan), ensure_ascii=False),
    }


# --- a map as a file ---------------------------------------------------------------------------


@policy("map:read")
@require_GET
def export_map(request: HttpRequest, pk, format: str) -> HttpResponse:
    """The whole map as a file."""
    journey = map_to_read(request, pk)
    name = f"{get_valid_filename(journey.title)[:80] or 'map'}.{format}"
    return HttpResponse(
        write(maps.plan_of(journey, with_images=format == JSON), format),
        content_type=CONTENT_TYPES[format],
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )
