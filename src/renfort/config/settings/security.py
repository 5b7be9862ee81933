"""Sign-in, cookies, headers (P11)."""

from __future__ import annotations

from csp.constants import NONE, SELF

from renfort.config.env import environment
from renfort.people.catalogue import ProviderSettings, origin_of

ENV = environment()
HTTPS = ENV.base_url.startswith("https://")

SECRET_KEY = ENV.secret_key or "only-for-commands-that-sign-nothing"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *filter(None, ENV.allowed_hosts.split(","))]
BASE_URL = (ENV.base_url or f"http://127.0.0.1:{ENV.port}").rstrip("/")
if ENV.base_url:
    ALLOWED_HOSTS.append(BASE_URL.split("://", 1)[-1].split("/")[0].split(":")[0])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "renfort.people.middleware.LanguageMiddleware",
    "renfort.people.middleware.SeenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "renfort.organisations.middleware.ImpersonationMiddleware",
    "renfort.organisations.middleware.ActorMiddleware",
    "renfort.organisations.middleware.MergedMiddleware",
    "renfort.jobs.middleware.LimitsMiddleware",
]

AUTHENTICATION_BACKENDS = ["renfort.people.adapters.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "/espace/"
LOGOUT_REDIRECT_URL = "/"

# allauth: its flows, our addresses and pages (decision 8 of the design; docs/adr)
ACCOUNT_ADAPTER = "renfort.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = False  # ours stand in jobs.catalogue: counted in one statement, wide enough for a town hall's Wi-Fi
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.proxies  # else every client behind a proxy would share one rate limit
LIMITS_FACTOR = ENV.limits

# the network's identity provider (S1): nothing is shown without RENFORT_OIDC_ISSUER and RENFORT_OIDC_CLIENT_ID
IDENTITY_PROVIDER = "renfort.people.adapters.identities.identity_provider"
IDENTITY = ProviderSettings(
    issuer=ENV.oidc_issuer,
    client_id=ENV.oidc_client_id,
    client_secret=ENV.oidc_client_secret,
    name=ENV.oidc_name,
    scopes=ENV.oidc_scopes,
    email_attribute=ENV.oidc_email_attribute,
    first_name_attribute=ENV.oidc_first_name_attribute,
    last_name_attribute=ENV.oidc_last_name_attribute,
    key_attribute=ENV.oidc_key_attribute,
    vouches=ENV.oidc_vouches,
    newcomers=ENV.oidc_newcomers,
)
# Who recognises an identity, or the link with which it came: each is asked with the claims and the link's token.
IDENTITY_KNOWERS = ["renfort.civic_service.services.access.known_by"]

# cookies and headers
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.proxies else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        # a form that signs out here goes on to the provider: browsers hold redirections to this too
        "form-action": [SELF, *([origin_of(ENV.oidc_issuer)] if ENV.oidc_issuer else [])],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
UPLOAD_MAX_SIZE = 25_000_000  # of a whole request with files; each form has its own, smaller limit
FILE_UPLOAD_HANDLERS = [
    "renfort.kernel.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
