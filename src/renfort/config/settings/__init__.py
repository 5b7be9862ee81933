"""The settings of a running Renfort, by subject. See ``renfort settings`` for what the environment may set."""

from renfort.config.settings.apps import *  # noqa: F403 -- settings are one flat list of names
from renfort.config.settings.base import *  # noqa: F403 -- idem
from renfort.config.settings.mail import *  # noqa: F403 -- idem
from renfort.config.settings.security import *  # noqa: F403 -- idem
