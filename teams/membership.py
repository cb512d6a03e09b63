"""Tells whoever holds something open that the rights in a workspace have changed.

The apps above register here (`on_rights_changed.append(…)` when they are ready), because teams
does not know what may be open. Called inside the transaction, so a removed workspace can still
be asked what it held.
"""

from collections.abc import Callable
from uuid import UUID

on_rights_changed: list[Callable[[UUID], None]] = []


def rights_changed(workspace_id: UUID) -> None:
    for tell in on_rights_changed:
        tell(workspace_id)
