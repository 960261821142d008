import pytest

from contest.accounts.devices import name_device


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 13; SM-T500) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/120.0 Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/17.0 Mobile/15E148 Safari/604.1", "Safari · iPad"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36 Edg/120.0",
         "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 12) Chrome/86 MicroMessenger/8.0", "WeChat · Android"),
        ("curl/8.0", ""),
        (None, ""),
    ],
)
def test_a_device_gets_a_short_name(said, name):
    assert name_device(said) == name
