"""Every setting that comes from the environment, in one place: name, meaning, default.

``renfort settings`` prints this list. Nothing else in the project reads ``os.environ`` for a setting.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from renfort.kernel.sentences import Sentence


class Environment(BaseSettings):
    """The settings of one running Renfort (``RENFORT_…`` variables and ``DATABASE_URL``)."""

    model_config = SettingsConfigDict(env_prefix="RENFORT_", extra="ignore", frozen=True)

    database_url: str = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="PostgreSQL of one's own (postgresql://user:password@host:port/name). Empty: `renfort run` starts one.",
    )
    owner_database_url: str = Field(
        default="",
        description="Same database with the role that owns the tables; only `renfort migrate` uses it. Empty: DATABASE_URL.",
    )
    data: Path | None = Field(
        default=None,
        description="Folder for the embedded database, uploads and keys. Empty: `var/` of the checkout, or a folder of /var/lib.",
    )
    pgbin: str = Field(
        default="",
        description="Folder of the PostgreSQL programs, or `wheel` for those of the embedded wheel. Empty: found on the machine.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the web server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, validation_alias="PORT", description="Port of the web server (PORT).")
    web_workers: int = Field(default=0, ge=0, description="Web processes. 0: one more than there are cores.")
    web_threads: int = Field(default=0, ge=0, le=4, description="Threads of each web process. 0: 2 behind a proxy, 4 without.")
    worker_concurrency: int = Field(default=2, ge=1, le=8, description="Jobs that one worker does at once.")
    base_url: str = Field(
        default="",
        description="Public address of the site, used in e-mails (https://…). Empty: http://127.0.0.1:PORT.",
    )
    allowed_hosts: str = Field(default="", description="Further host names that the site answers to, separated by commas.")
    secret_key: str = Field(
        default="", description="Secret that signs sessions and links. Empty: made once, kept in the data folder."
    )
    demo: bool | None = Field(
        default=None,
        description="Demonstration mode: demo accounts, one-click sign-in, banner. Empty: yes only with the embedded database "
        "and no public address.",
    )
    debug: bool = Field(default=False, description="Show Django's error pages (for developers).")
    proxies: int = Field(
        default=0,
        ge=0,
        description="Trusted proxies in front of the site; the client's address is read from X-Forwarded-For.",
    )
    limits: float = Field(
        default=1,
        gt=0,
        description="Factor on every rate limit (docs/limits.md): 2 lets everybody do twice as much in the same time.",
    )
    smtp_url: str = Field(
        default="",
        description="Mail server (smtp://user:password@host:port, smtp+tls:// for STARTTLS, smtps:// for TLS). "
        "Empty: e-mails are kept, and read at /operateur/courriels/.",
    )
    mail_from: str = Field(default="Renfort <ne-pas-repondre@renfort.localhost>", description="Sender of the e-mails.")
    address_service: str = Field(
        default="",
        pattern=r"^(https?://[^\s/:@?#]+(:\d{1,5})?(/\S*)?)?$",
        description="Address of the search of a national address service (https://data.geopf.fr/geocodage/search): suggestions "
        "then know streets. Empty: the communes that are shipped, no network.",
    )
    directory_service: str = Field(
        default="",
        pattern=r"^(https?://[^\s/:@?#]+(:\d{1,5})?(/\S*)?)?$",
        description="Address of the search of the public directory of organisations "
        "(https://recherche-entreprises.api.gouv.fr/search): what it says stands beside what an organisation typed. "
        "Empty: nobody is asked, no network.",
    )
    civic_directory: str = Field(
        default="",
        pattern=r"^(https?://[^\s/:@?#]+(:\d{1,5})?(/\S*)?)?$",
        description="Address of the directory of the network's establishments, people and roles (civic service), in the form "
        "that renfort.civic_service.adapters.service documents. Empty: the directory comes in as a file.",
    )
    civic_directory_token: str = Field(
        default="", description="Token that the directory of establishments asks (Authorization: Bearer). Empty: none is sent."
    )
    oidc_issuer: str = Field(
        default="",
        pattern=r"^(https?://[^\s?#]+)?$",
        description="Identity provider of the network (OpenID Connect): its issuer, as it says (https://identite.exemple.fr). "
        "Empty: people sign in with a password alone, nothing else is shown.",
    )
    oidc_client_id: str = Field(default="", description="The identifier that the provider gave this site.")
    oidc_client_secret: str = Field(default="", description="The secret that the provider gave this site.")
    oidc_name: str = Field(default="", description="What people call the provider, on its button (« Mon réseau »).")
    oidc_scopes: str = Field(default="openid profile email", description="Scopes asked of the provider, separated by spaces.")
    oidc_email_attribute: str = Field(default="email", description="Attribute that holds the address.")
    oidc_first_name_attribute: str = Field(default="given_name", description="Attribute that holds the first name.")
    oidc_last_name_attribute: str = Field(default="family_name", description="Attribute that holds the last name.")
    oidc_key_attribute: str = Field(
        default="", description="Attribute that holds the person's key in the directory. Empty: the subject is that key."
    )
    oidc_vouches: bool = Field(
        default=False, description="The provider verifies each address, though it sends no email_verified."
    )
    oidc_newcomers: bool = Field(default=False, description="Open an account for whoever the provider sends, known here or not.")
    site_name: str = Field(default="Renfort", description="Name of the site.")

    @property
    def threads(self) -> int:
        """Threads of each web process.

        Fewer behind a proxy, which sends whole requests at once: more would make everybody wait for everybody. Without one,
        browsers open connections ahead of what they ask, and each holds a thread for some seconds.
        """
        return self.web_threads or (2 if self.proxies else 4)


class WrongSettingError(Sentence):
    """A setting of the environment has a value that cannot be used."""


@cache
def environment() -> Environment:
    """Read the environment once.

    Raises:
        WrongSettingError: with one sentence per wrong variable.
    """
    try:
        return Environment()
    except ValidationError as error:
        lines = [
            f"{variable(str(item['loc'][0]))} = {str(item.get('input', ''))[:60]!r} : {item['msg']}" for item in error.errors()
        ]
        raise WrongSettingError(
            "Réglage incorrect dans l'environnement : " + " ; ".join(lines) + ". Voir « renfort settings »."
        ) from None


def variable(name: str) -> str:
    """The environment variable that sets the field ``name``."""
    field = Environment.model_fields.get(name)
    if field is not None and isinstance(field.validation_alias, str):
        return field.validation_alias
    return name if name.isupper() else f"RENFORT_{name.upper()}"
