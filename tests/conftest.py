"""What every test has at hand, and what no test may do.

Warnings are errors (pyproject): a naive date, an unordered list cut into pages, a deprecated call fail. The rest of the rules
stand in ``tests/harness``: one database per process (``database``), no network and strict pages (``strict``).
"""

pytest_plugins = ["tests.harness.database", "tests.harness.languages", "tests.harness.strict"]
