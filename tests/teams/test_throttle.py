from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from teams.models import Throttle
from teams.throttle import TooMany, client_address, count

pytestmark = pytest.mark.django_db


def try_times(times: int, who: str = "anna") -> None:
    for _ in range(times):
        count("door", who, limit=3, minutes=1)


def test_the_last_allowed_try_passes_and_the_next_is_refused():
    try_times(3)
    with pytest.raises(TooMany) as refusal:
        try_times(1)
    assert 58 <= refusal.value.wait <= 60


def test_each_is_counted_alone():
    try_times(3, "anna")
    try_times(3, "boris")


def test_a_window_that_is_over_counts_no_more():
    try_times(3)
    Throttle.objects.update(window_ends_at=timezone.now())
    try_times(3)
    with pytest.raises(TooMany):
        try_times(1)


def test_old_windows_are_swept_when_a_new_one_opens():
    try_times(1, "anna")
    Throttle.objects.update(window_ends_at=timezone.now() - timedelta(seconds=1))
    try_times(1, "boris")
    assert Throttle.objects.count() == 1


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "9.9.9.9", "10.0.0.1"),  # nobody is believed
        (1, "9.9.9.9, 1.2.3.4", "1.2.3.4"),  # only what our proxy saw
        (2, "9.9.9.9, 1.2.3.4, 10.0.0.7", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),  # did not come through both
        (1, "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),  # a network is one visitor
    ],
)
def test_the_visitors_address_is_what_our_own_proxies_saw(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
    request.META["REMOTE_ADDR"] = "10.0.0.1"
    assert client_address(request) == expected
