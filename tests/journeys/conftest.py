"""A live site and people in front of it."""

from tests.harness.browser import arrive, browser, leave_out
from tests.harness.live import demo_site, site

__all__ = ["arrive", "browser", "demo_site", "site"]


def pytest_collection_modifyitems(config, items):
    leave_out(config, items)
