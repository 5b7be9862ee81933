"""What every model with a state or a signature shares."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Q

if TYPE_CHECKING:
    TextField = models.CharField[str, str]
else:
    TextField = models.CharField  # generic for the type checker alone


class StateField(TextField):
    """A state's stable key. The choices stay out of migrations: labels may change, the CHECK constraint holds the values."""

    def __init__(self, *args: Any, states: type[models.TextChoices] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        if states is not None:
            kwargs["choices"] = states.choices
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, "django.db.models.CharField", args, kwargs  # migrations never import the application


class CodeField(StateField):
    """A stable key out of a closed list that is not a state (format, presence, reason)."""


class Stateful(models.Model):
    """The state changes through ``fire`` and nowhere else; ``version`` moves at every change (design decisions 12, 14)."""

    state: Any
    version = models.PositiveIntegerField(default=1, editable=False)
    _loaded_state: str | None = None

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save anything but a changed state.

        Raises:
            RuntimeError: when the state was changed by hand.
        """
        if not self._state.adding and self._loaded_state is not None and self.state != self._loaded_state:
            raise RuntimeError(f"{self._meta.label} {self.pk}: the state changes through fire() alone")
        super().save(*args, **kwargs)
        self._loaded_state = self.state

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        obj = super().from_db(db, field_names, values)
        obj._loaded_state = obj.__dict__.get("state")
        return obj

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self._loaded_state = self.__dict__.get("state")

    def change_state(self, target: str) -> None:
        """Write the state, and all else that effects changed, as one named move. For the workflow engine alone."""
        if target != self.state:
            move = f"{self._meta.db_table}:{self.pk}:{self.state}>{target}"
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('renfort.move', %s, true)", [move])
        self.state = self._loaded_state = target
        self.version += 1
        self.save(force_update=True)


def known_state(states: type[models.TextChoices], *, field: str = "state") -> models.CheckConstraint:
    """The database knows the values of ``field``."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": states.values}), name=f"%(app_label)s_%(class)s_known_{field}")


def signed(name: str, *, in_states: Iterable[str]) -> models.CheckConstraint:
    """``<name>_at`` is set exactly in these states."""
    states = list(in_states)
    return models.CheckConstraint(
        condition=Q(state__in=states, **{f"{name}_at__isnull": False})
        | (~Q(state__in=states) & Q(**{f"{name}_at__isnull": True})),
        name=f"%(app_label)s_%(class)s_{name}",
    )
