import pytest

from .parts import Journey, serving


@pytest.fixture
def journey() -> Journey:
    return Journey()


@pytest.fixture
def server(journey, transactional_db):
    with serving(journey.source) as running:
        yield running
