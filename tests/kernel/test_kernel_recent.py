"""What a process keeps for some seconds: read once, then again when it is old; never for ever."""

from __future__ import annotations

import pytest

from renfort.kernel import recent as module
from renfort.kernel.recent import forget_all, recent


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    return now


def test_value_is_read_once_while_it_is_recent(clock):
    reads = []

    @recent(30)
    def labels():
        reads.append(1)
        return len(reads)

    assert (labels(), labels()) == (1, 1)
    clock[0] += 29
    assert labels() == 1
    clock[0] += 2
    assert labels() == 2
    forget_all()
    assert labels() == 3


def test_functions_are_remembered_apart_and_failures_are_not(clock):
    answers = iter([None, "there"])

    @recent(30)
    def one():
        return "one"

    @recent(30)
    def other():
        answer = next(answers)
        if answer is None:
            raise LookupError
        return answer

    with pytest.raises(LookupError):
        other()
    assert (one(), other(), other()) == ("one", "there", "there")
