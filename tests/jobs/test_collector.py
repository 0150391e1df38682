import gc

import pytest

from arterial.jobs.collector import collector_paused


def test_the_collector_goes_on_as_before_whatever_happens_within():
    assert gc.isenabled()
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            pass
        assert not gc.isenabled()
    with pytest.raises(KeyError), collector_paused():
        raise KeyError
    assert gc.isenabled()
