"""What every test has at hand, and what no test may do.

Warnings are errors (pyproject): a naive date, an unordered list cut into pages, a deprecated call fail. The rest of the rules
stand in ``tests/harness``: one database per process (``database``), no network and strict pages (``strict``).
"""

import pytest

from renfort.kernel.recent import forget_all

pytest_plugins = ["tests.harness.database", "tests.harness.languages", "tests.harness.order", "tests.harness.strict"]


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    """What a process keeps for a while is not kept from one test's database to the next one's."""
    forget_all()
    yield
    forget_all()
