"""Anna asks for a poster in the dialog; Vera, who only reads, may do so too."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from journeys.models import Lane
from reports import jobs, render, views
from reports.models import Printout

from .conftest import read, words

pytestmark = pytest.mark.django_db

A3 = {"format": "pdf", "paper": "a3", "landscape": "1", "pages": "one"}


@pytest.fixture
def address(bouquet) -> str:
    return reverse("printout", args=[bouquet.pk])


def press(client, address: str, **options) -> Printout:
    """Presses “Make the file”."""
    lanes = [lane.pk.hex for lane in Lane.objects.all()]
    response = client.post(address, A3 | {"lanes": lanes} | options)
    assert response.status_code == 200
    return response.context["job"]


def test_a_reader_gets_a_poster_and_the_second_press_answers_at_once(client, vera, address):
    client.force_login(vera)
    job = press(client, address)
    state = reverse("printout_job", args=[job.journey.pk, job.pk])
    assert 'hx-trigger="every 1s"' in client.get(state).content.decode()

    jobs.run(job.pk)
    again = press(client, address)

    assert (again.pk, again.state) == (job.pk, Printout.State.DONE)
    link = reverse("printout_file", args=[job.journey.pk, job.pk])
    assert link in client.get(state).content.decode()
    answer = client.get(link)
    assert len(read(answer.content).pages) == 1
    assert "filename*=utf-8''%D0%92%D0%B0%D1%81" in answer["Content-Disposition"]


def test_the_dialog_offers_paper(client, vera, address):
    client.force_login(vera)
    page = client.get(address).content.decode()

    assert "<dialog" in page
    for value in ("a4", "a3", "a2", "a1", "a0", "fit"):
        assert f'value="{value}"' in page


def test_a_changed_map_is_printed_anew(client, anna, bouquet, address):
    client.force_login(anna)
    job = press(client, address)
    Printout.objects.update(state=Printout.State.DONE, file="printouts/there.pdf")
    bouquet.seq += 1
    bouquet.save()

    assert press(client, address).pk != job.pk


def test_the_report_comes_first_and_needs_no_paper(client, vera, address):
    client.force_login(vera)
    page = client.get(address).content.decode()
    assert (
        page.index('value="report"') < page.index('value="poster"') < page.index('value="persona"')
    )

    job = press(client, address, document="report", paper="a1")
    assert job.options == {"document": "report"}
    jobs.run(job.pk)

    assert press(client, address, document="report").pk == job.pk
    answer = client.get(reverse("printout_file", args=[job.journey.pk, job.pk]))
    assert len(read(answer.content).pages) == 4
    assert unquote(answer["Content-Disposition"]).endswith("упаковку подарка — отчёт.pdf")


def test_a_map_for_nobody_has_no_page_of_a_persona(client, vera, bouquet, address):
    bouquet.made_for.all().delete()
    client.force_login(vera)

    answer = client.post(address, A3 | {"document": "persona"})

    assert answer.status_code == 422
    assert answer.context["form"].errors["document"]


def test_a_reader_downloads_a_persona_from_its_page(client, vera, gleb, bouquet):
    address = reverse("persona_pdf", args=[bouquet.personas.get().pk])
    client.force_login(vera)
    answer = client.get(address)

    assert "Василий" in words(read(answer.content))
    assert unquote(answer["Content-Disposition"]).endswith("Василий.pdf")
    assert address in client.get(address.removesuffix("pdf/")).content.decode()
    client.force_login(gleb)
    assert client.get(address).status_code == 404


def test_whoever_waits_too_long_for_a_persona_is_told_so(client, vera, bouquet):
    persona = bouquet.personas.get()
    client.force_login(vera)
    views.PATIENCE, patience = 0, views.PATIENCE
    try:
        answer = client.get(reverse("persona_pdf", args=[persona.pk]), follow=True)
    finally:
        views.PATIENCE = patience

    assert answer.redirect_chain == [(reverse("persona", args=[persona.pk]), 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_a_reader_finds_the_report_on_the_page_of_maps(client, vera, bouquet, address):
    client.force_login(vera)
    page = client.get(reverse("workspace_home", args=[bouquet.workspace.slug])).content.decode()

    assert f'hx-get="{address}"' in page
    assert "duplicate" not in page


def test_chosen_lanes_are_remembered_and_all_of_them_are_none(client, anna, part, address):
    client.force_login(anna)
    barriers = part("barriers").pk.hex

    assert press(client, address, lanes=[barriers]).options["lanes"] == [barriers]
    assert press(client, address).options["lanes"] == []


def test_a_map_without_any_lane_is_not_printed(client, anna, address):
    client.force_login(anna)

    assert client.post(address, A3).status_code == 422
    assert not Printout.objects.exists()


@pytest.mark.parametrize(
    ("format", "mime", "begins"),
    [("png", "image/png", b"\x89PNG"), ("svg", "image/svg+xml", b"<svg ")],
)
def test_a_picture_is_downloaded_as_what_it_is(client, vera, address, format, mime, begins):
    client.force_login(vera)
    job = press(client, address, format=format)
    jobs.run(job.pk)

    answer = client.get(reverse("printout_file", args=[job.journey.pk, job.pk]))

    assert answer["Content-Type"] == mime
    assert answer["Content-Disposition"].endswith(f".{format}")
    assert answer.content.startswith(begins)


@pytest.mark.parametrize(
    "option",
    [{"paper": "a2"}, {"landscape": ""}, {"pages": "many"}, {"document": "report"}],
)
def test_other_paper_is_another_document(bouquet, by_anna, option):
    options = {"paper": "a3", "landscape": True, "pages": "one"}

    assert (
        jobs.ask(bouquet, options, by_anna).key != jobs.ask(bouquet, options | option, by_anna).key
    )


def test_a_changed_persona_is_printed_anew(bouquet):
    day = timezone.localdate()
    before = jobs.key_of(bouquet, {}, day)
    persona = bouquet.personas.get()
    persona.seq += 1
    persona.save()

    assert jobs.key_of(bouquet, {}, day) != before
    assert jobs.key_of(bouquet, {}, day + timedelta(days=1)) != jobs.key_of(bouquet, {}, day)


def test_a_stopped_poster_is_never_made(client, anna, address):
    client.force_login(anna)
    job = press(client, address)
    client.post(reverse("printout_cancel", args=[job.journey.pk, job.pk]))

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.file) == (Printout.State.CANCELLED, "")


def test_without_pango_the_reader_hears_what_to_install(client, anna, address):
    client.force_login(anna)
    job = press(client, address)
    Printout.objects.update(state=Printout.State.FAILED, error="pango")

    answer = client.get(reverse("printout_job", args=[job.journey.pk, job.pk]))

    assert "Pango" in answer.context["failure"]
    assert "pango" in render.how_to_install_pango().lower()


def test_a_poster_whose_process_died_says_so(client, anna, address):
    client.force_login(anna)
    job = press(client, address)
    Printout.objects.update(touched_at=timezone.now() - timedelta(minutes=1))

    answer = client.get(reverse("printout_job", args=[job.journey.pk, job.pk]))

    assert answer.context["failure"]
    assert "every 1s" not in answer.content.decode()


def test_a_stranger_finds_neither_dialog_nor_file(client, gleb, bouquet, by_anna, address):
    job = jobs.ask(bouquet, A3, by_anna)
    client.force_login(gleb)

    assert client.get(address).status_code == 404
    assert client.post(address, A3).status_code == 404
    for name in ("printout_file", "printout_job"):
        assert client.get(reverse(name, args=[bouquet.pk, job.pk])).status_code == 404


def test_unknown_paper_is_refused(client, anna, address):
    client.force_login(anna)

    assert client.post(address, A3 | {"paper": "b5"}).status_code == 422
    assert not Printout.objects.exists()


def test_old_posters_go_with_their_files(bouquet, by_anna, django_capture_on_commit_callbacks):
    file = default_storage.save("printouts/old.pdf", ContentFile(b"%PDF"))
    Printout.objects.create(
        journey=bouquet,
        by=by_anna.key,
        state=Printout.State.DONE,
        file=file,
        created_at=timezone.now() - timedelta(days=8),
    )

    with django_capture_on_commit_callbacks(execute=True):
        jobs._sweep()

    assert not default_storage.exists(file)
    assert not Printout.objects.exists()
