"""``bench attendance``, small: nobody is lost and nobody is there twice (W6)."""

from __future__ import annotations

import pytest

from renfort.ops.bench import attendance

pytestmark = pytest.mark.slow


def test_people_marked_from_six_phones_at_once_are_there_once(own_database):
    result = attendance.run(people=60, phones=6, twice=50, database=own_database)

    assert (result["present"], result["lost"], result["doubles"]) == (60, 0, 0)
    assert (result["server_errors"], result["refused"]) == (0, 0)
    assert result["integrity"] == []
    assert result["requests"] > 60
