"""The host's settings: what they are by default, how the environment changes them, and what is told when one is wrong."""

import re

import pytest

from engine.sandbox import BadSetting, Limits, read_settings
from tests.source_tree import ROOT

MIB = 1024 * 1024


def test_without_settings_one_is_at_home():
    settings = read_settings({})
    assert (settings.hosted, settings.limits) == (False, Limits())
    assert settings.replays_at_once >= 1


def test_a_hosted_server_has_smaller_limits():
    hosted = read_settings({"STATELINE_HOSTED": "1"})
    assert hosted.hosted
    assert hosted.limits.memory_bytes == 256 * MIB
    assert hosted.limits.call_time_ms == 2_000 < Limits().call_time_ms


def test_every_limit_is_the_hosts_to_set():
    settings = read_settings(
        {
            "STATELINE_SECONDS": "2.5",
            "STATELINE_CALL_SECONDS": "1",
            "STATELINE_MEMORY_MB": "64",
            "STATELINE_OUTPUT_MB": "8",
            "STATELINE_PRINTED_CHARACTERS": "5000",
            "STATELINE_REPLAYS_AT_ONCE": "3",
        }
    )
    assert settings.limits == Limits(2_500, 1_000, 64 * MIB, 8 * MIB, 5_000)
    assert settings.replays_at_once == 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("STATELINE_SECONDS", "soon"),
        ("STATELINE_SECONDS", "0"),
        ("STATELINE_SECONDS", "nan"),
        ("STATELINE_MEMORY_MB", "-1"),
        ("STATELINE_REPLAYS_AT_ONCE", "inf"),
        ("STATELINE_HOSTED", "yes"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name, text):
    with pytest.raises(BadSetting, match=f"{name} is {text}: it must be "):
        read_settings({name: text})


def test_every_setting_is_in_the_table_of_the_documents():
    names = set(re.findall(r'"(STATELINE_\w+)"', (ROOT / "engine/sandbox/settings.py").read_text(encoding="utf-8")))
    table = set(
        re.findall(r"^\| `(STATELINE_\w+)`", (ROOT / "docs/deploying.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert names == table
