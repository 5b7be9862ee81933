"""The first page weighs little: somebody with a phone, tonight, in the countryside (ux.md: at most 150 kB until load)."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import override_settings
from tests.harness.browser import PHONE
from tests.harness.live import fresh_database, served

pytestmark = pytest.mark.browser
MOST = 150_000  # bytes over the wire, headers with them, fonts aside


@pytest.fixture(scope="module")
def collected_site(database_server, database_template, django_db_blocker, tmp_path_factory):
    """The demonstration with its static files collected and compressed, as an installation serves them."""
    changes = {
        "STATIC_ROOT": str(tmp_path_factory.mktemp("static")),
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        },
        "WHITENOISE_USE_FINDERS": False,
        "WHITENOISE_AUTOREFRESH": False,
    }
    with override_settings(**changes):
        call_command("collectstatic", interactive=False, verbosity=0)
    with fresh_database(database_server, database_template, django_db_blocker), served(DEMO=True, **changes) as running:
        from renfort.ops.demo import load

        load(missions=60, volunteers=80, seed=1)
        yield running


@pytest.mark.parametrize("path", ["/", "/missions/"])
def test_a_first_visit_weighs_at_most_150_kilobytes(collected_site, arrive, capsys, path):
    visitor = arrive(collected_site.url, PHONE, path.strip("/"))
    finished = []

    def note(request):
        finished.append(request)

    visitor.page.on("requestfinished", note)
    visitor.open(path)
    visitor.page.wait_for_load_state("load")
    weights = {}
    for request in list(finished):
        if request.resource_type != "font":
            sizes = request.sizes()
            weights[request.url.removeprefix(collected_site.url)] = sizes["responseBodySize"] + sizes["responseHeadersSize"]
    with capsys.disabled():
        print(f"\n{path}: {sum(weights.values()):,} bytes in {len(weights)} answers, fonts aside")
        for url, weight in sorted(weights.items(), key=lambda each: -each[1])[:4]:
            print(f"  {weight:>8,} {url}")
    assert path in weights
    assert sum(weights.values()) <= MOST
