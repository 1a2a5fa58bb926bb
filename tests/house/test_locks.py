"""What runs in production is what was tested: the second lock file is a part of the first."""

import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]


def versions(file: str) -> set[str]:
    text = (HOUSE / file).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9._-]+==[^ ;\\]+)", text, re.MULTILINE | re.IGNORECASE))


def test_the_image_installs_versions_that_the_tests_ran_with():
    production, everything = versions("deploy/requirements.lock"), versions("requirements.lock")
    assert production
    assert production < everything
