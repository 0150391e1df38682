import os
import zlib

import pytest
from hypothesis import settings

# No deadline: the machine that checks is slower than the one that wrote the test. CI draws the same
# cases every time; at a desk they are drawn afresh, and a failure prints the blob that repeats it.
settings.register_profile("desk", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture
def seed(request):
    """A seed of the test's own, shown when it fails; ARTERIAL_TEST_SEED sets another."""
    given = os.environ.get("ARTERIAL_TEST_SEED")
    drawn = int(given) if given else zlib.crc32(request.node.nodeid.encode())
    print(f"ARTERIAL_TEST_SEED={drawn}")  # noqa: T201 - pytest shows it with the failure
    return drawn
