from django.urls import include, path

from .models import Lane, Stage
from .views import (
    cards,
    columns,
    files,
    history,
    home,
    images,
    many,
    maps,
    new,
    paste,
    versions,
    workspace,
)


def _axis(noun: str, model) -> list:
    """The routes of stages and of lanes."""
    of = {"model": model}
    return [
        path(f"{noun}s/", columns.add, of, name=f"add_{noun}"),
        path(f"{noun}s/<uuid:row>/", columns.edit, of, name=f"edit_{noun}"),
        path(f"{noun}s/<uuid:row>/move/", columns.move, of, name=f"move_{noun}"),
        path(f"{noun}s/<uuid:row>/duplicate/", columns.duplicate, of, name=f"duplicate_{noun}"),
        path(f"{noun}s/<uuid:row>/delete/", columns.delete, of, name=f"delete_{noun}"),
        path(f"{noun}s/<uuid:row>/restore/", columns.restore, of, name=f"restore_{noun}"),
    ]


_map = [
    path("", maps.map_page, name="map"),
    path("board/", maps.board, name="board"),
    path("since/", maps.since, name="since"),
    path("presence/", maps.be_present, name="presence"),
    path("edit/", maps.edit_map, name="edit_map"),
    path("personas/", maps.set_personas, name="set_personas"),
    path("rename/", home.rename_map, name="rename_map"),
    path("delete/", home.delete_map, name="delete_map"),
    path("restore/", home.restore_map, name="restore_map"),
    path("archive/", home.archive_map, name="archive_map"),
    path("to-be/", home.make_to_be, name="make_to_be"),
    path("template/", home.make_template, name="make_template"),
    path("duplicate/", home.duplicate_map, name="duplicate_map"),
    path("export.json", files.export_map, {"format": "json"}, name="export_json"),
    path("export.csv", files.export_map, {"format": "csv"}, name="export_csv"),
    path("export.mmd", files.export_map, {"format": "mmd"}, name="export_mmd"),
    path("export.xlsx", files.export_map, {"format": "xlsx"}, name="export_xlsx"),
    path("touchpoints/", new.offered_touchpoints, name="offered_touchpoints"),
    path("history/", history.history, name="history"),
    path("versions/", versions.keep_version, name="keep_version"),
    path("versions/<uuid:version>/", versions.version, name="version"),
    path("versions/<uuid:version>/back/", versions.back_to_version, name="back_to_version"),
    path("bin/", history.bin, name="bin"),
    path("steps/", maps.steps, name="steps"),
    path("owners/", history.owners, name="owners"),
    path("undo/", maps.undo, name="undo"),
    path("redo/", maps.redo, name="redo"),
    path("cards/", cards.add_card, name="add_card"),
    path("cards/move/", many.move_cards, name="move_cards"),
    path("cards/edit/", many.edit_cards, name="edit_cards"),
    path("cards/duplicate/", many.duplicate_cards, name="duplicate_cards"),
    path("cards/delete/", many.delete_cards, name="delete_cards"),
    path("cards/<uuid:card>/", cards.card, name="card"),
    path("cards/<uuid:card>/history/", history.card_history, name="card_history"),
    path("cards/<uuid:card>/move/", cards.move_card, name="move_card"),
    path("cards/<uuid:card>/duplicate/", cards.duplicate_card, name="duplicate_card"),
    path("cards/<uuid:card>/delete/", cards.delete_card, name="delete_card"),
    path("cards/<uuid:card>/restore/", cards.restore_card, name="restore_card"),
    path("cards/<uuid:card>/images/", images.add_image, name="add_image"),
    path(
        "cards/<uuid:card>/images/<uuid:image>/describe/",
        images.describe_image,
        name="describe_image",
    ),
    path("cards/<uuid:card>/images/<uuid:image>/remove/", images.remove_image, name="remove_image"),
    path("images/", images.send_image, name="send_image"),
    path("images/<uuid:image>/", images.image, {"size": "whole"}, name="image"),
    path("images/<uuid:image>/small/", images.image, {"size": "small"}, name="thumbnail"),
    path("paste/", paste.paste_block, name="paste_block"),
    path("paste/look/", paste.look, name="look_at_block"),
    path("conflicts/<uuid:conflict>/", cards.solve_conflict, name="solve_conflict"),
    path("stages/<uuid:row>/divide/", columns.divide, name="divide_stage"),
    *_axis("stage", Stage),
    *_axis("lane", Lane),
]

urlpatterns = [
    path("w/<slug:slug>/", home.workspace_home, name="workspace_home"),
    path("w/<slug:slug>/search/", home.search, name="search"),
    path("w/<slug:slug>/bin/", home.workspace_bin, name="workspace_bin"),
    path("w/<slug:slug>/new/", new.new_map, name="new_map"),
    path("w/<slug:slug>/export.zip", workspace.export_team, name="export_team"),
    path("w/<slug:slug>/delete/", workspace.delete_team, name="delete_team"),
    path("w/<slug:slug>/import/", files.import_map, name="import_map"),
    path("maps/<uuid:pk>/", include(_map)),
]
