"""The settings of the tests: what is slow on purpose is made quick, what is forgiving is made strict."""

from renfort.config.settings import *  # noqa: F403 -- the real settings, with the differences below

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SECRET_KEY = "tests"  # noqa: S105 -- signs nothing outside the tests
BASE_URL = "http://testserver"
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEMO = False
DATABASES["default"]["OPTIONS"] = {  # noqa: F405 -- from the real settings, without the pool: a test database must be droppable
    key: value
    for key, value in DATABASES["default"]["OPTIONS"].items()  # type: ignore[attr-defined]  # noqa: F405 -- idem
    if key != "pool"
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True  # nothing is collected before the tests
# words as they are typed: tests compare words, not the spaces before their signs; journeys read what is served (tests/harness)
LOCALE_PATHS = [PACKAGE.parents[1] / "var" / "plain-locale"]  # noqa: F405 -- from the real settings
