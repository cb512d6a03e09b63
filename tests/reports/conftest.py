"""The printed bouquet map, and maps that no paper likes."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from reports import render


@pytest.fixture(scope="session", autouse=True)
def no_child_left():
    yield
    render.close()


def read(pdf) -> PdfReader:
    """A document as its reader sees it."""
    return PdfReader(BytesIO(pdf if isinstance(pdf, bytes) else pdf.data))


def words(reader: PdfReader) -> str:
    """The text layer with all white space made one kind."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())
