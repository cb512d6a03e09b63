import pytest
from django.template.loader import render_to_string

pytestmark = pytest.mark.one_engine


def test_the_narrow_page_needs_no_request():
    """A server error is told without one."""
    page = render_to_string("ui/narrow.html")
    assert '<html lang="ru">' in page
    assert "<form" not in page.split("<dialog")[0]


def test_an_error_beside_a_field_is_tied_to_it():
    from ui.gallery import samples

    page = render_to_string("ui/form.html", {"form": samples()["refused_form"]})
    assert 'aria-invalid="true"' in page
    assert 'id="refused_email_error"' in page
    assert "refused_email_error" in page.split('name="email"')[1].split(">")[0]
