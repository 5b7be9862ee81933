"""``bench signup``, small: everybody gets in with limits on, and whoever guesses is stopped."""

from __future__ import annotations

import pytest

from renfort.ops.bench import signup

pytestmark = pytest.mark.slow


def test_everybody_who_signs_up_has_an_account_and_a_guesser_is_stopped(own_database):
    result = signup.run(accounts=6, at_once=3, database=own_database)
    assert (result["made"], result["not_accepted"], result["server_errors"]) == (6, 0, 0)
    assert result["limited_of_flood"] == 3
    assert result["accounts_per_second"] > 0 and result["confirmed_per_second"] > 0
