"""What every test has at hand, and what no test may do.

Warnings are errors (pyproject): a naive date, an unordered list cut into pages, a deprecated call fail. The rest of the rules
stand in ``tests/harness``: one database per process (``database``), no network and strict pages (``strict``).
"""

import pytest

from renfort.kernel.recent import forget_all, remember

pytest_plugins = ["tests.harness.database", "tests.harness.languages", "tests.harness.order", "tests.harness.strict"]


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    """What a process keeps for a while is not kept from one test's database to the next one's."""
    from renfort.parameters.selectors import words_set

    forget_all()
    remember(words_set, {})  # a warm process: what a page costs is counted without the words asked for every ten seconds
    yield
    forget_all()
