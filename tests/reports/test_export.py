"""`export_map` writes each document of a map."""

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


def export(journey, format: str, file) -> None:
    call_command("export_map", str(journey.pk), "--format", format, "--output", str(file))


@pytest.mark.parametrize(
    ("format", "pages"), [("report", 4), ("persona", 1), ("poster", 1), ("pdf", 1)]
)
def test_a_map_is_exported_as_each_document(bouquet, tmp_path, format, pages):
    export(bouquet, format, tmp_path / "map.pdf")

    assert len(PdfReader(tmp_path / "map.pdf").pages) == pages


def test_a_map_for_nobody_has_no_persona_to_export(bouquet, tmp_path):
    bouquet.made_for.all().delete()

    with pytest.raises(CommandError):
        export(bouquet, "persona", tmp_path / "map.pdf")
    assert not (tmp_path / "map.pdf").exists()
