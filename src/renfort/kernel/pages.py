"""Pages of lists: twenty rows, whatever is asked, and no page dearer than the first."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.http import HttpRequest

PER_PAGE = 20
FEW = 1000  # results of words that are read at once instead of being counted, then read


class BothEnds(Paginator):  # type: ignore[type-arg]  # generic in its stubs alone
    """Pages of an ordered query; those of its second half are read from the end, so that the last costs what the first does.

    Such a page is ``backwards``: its rows come in the other order.
    """

    def page(self, number: int | str) -> Page[Any]:
        """One page.

        Raises:
            InvalidPage: there is no such page.
        """
        page: Any = super().page(number)
        rows: Any = self.object_list
        first = (page.number - 1) * self.per_page
        page.backwards = isinstance(rows, QuerySet) and first > self.count // 2
        if page.backwards:
            last = min(first + self.per_page, self.count)
            page.object_list = rows.reverse()[self.count - last : self.count - first]
        return page  # type: ignore[no-any-return]  # the paginator is untyped


def page_of(request: HttpRequest, items: Any, per_page: int = PER_PAGE, *, count: int | None = None) -> Page[Any]:
    """The page that the address asks for; a page that does not exist is the nearest one. ``count``: when it is known already."""
    page = _asked(request, items, per_page, count)
    if page.backwards:
        page.object_list = list(page.object_list)[::-1]
    return page  # type: ignore[no-any-return]  # the paginator is untyped


def _asked(request: HttpRequest, items: Any, per_page: int, count: int | None) -> Any:
    pages = BothEnds(items, per_page)
    if count is not None:
        pages.count = count
    return pages.get_page(request.GET.get("page"))


def dressed_page(
    request: HttpRequest,
    found: QuerySet[Any] | list[int],
    rows: QuerySet[Any],
    *,
    by_words: bool = False,
    count: int | None = None,
    also: int | None = None,
) -> Any:
    """The page of ``found`` (rows or keys) that the address asks for, dressed as ``rows`` (the same model, with all a row shows).

    Found first, dressed after: what a row costs (places, joins) is paid for the rows of this page, not for all before it.
    ``by_words``: words were looked up, which costs as much to count as to read: both in one query when they find few.
    ``count``: how many there are, when that is known already.
    ``also``: the key of one more row to read beside them, wherever it stands: ``page.beside``, None when there is no such row.
    """
    keys = found.values_list("pk", flat=True) if isinstance(found, QuerySet) else found
    if by_words and isinstance(keys, QuerySet):
        few = list(keys.order_by()[: FEW + 1])  # in no order: an order tempts the planner to read every row in it
        if len(few) <= FEW:
            again = keys.model._default_manager.filter(pk__in=few).order_by(*keys.query.order_by)
            keys, count = again.values_list("pk", flat=True), len(few)
    page = _asked(request, keys, PER_PAGE, count)
    wanted = page.object_list
    if isinstance(wanted, QuerySet) and _is_ordered_by_columns(wanted):
        read = _in_one(wanted, rows, also)
        page.object_list = [row for row in read if row.is_listed]
        if page.backwards:
            page.object_list.reverse()
    else:
        order = list(wanted)[:: -1 if page.backwards else 1]
        read = list(rows.filter(pk__in=[*order, also] if also is not None else order))
        by_pk = {row.pk: row for row in read}
        page.object_list = [by_pk[pk] for pk in order if pk in by_pk]
    page.beside = next((row for row in read if row.pk == also), None)
    return page


def _is_ordered_by_columns(keys: QuerySet[Any]) -> bool:
    """Whether the dressed rows can be put into the same order: by columns of theirs, not by what was counted for the order."""
    names = [name.removeprefix("-") if isinstance(name, str) else "" for name in keys.query.order_by]
    return bool(names) and all(name and "__" not in name and name not in keys.query.annotations for name in names)


def _in_one(keys: QuerySet[Any], rows: QuerySet[Any], also: int | None) -> list[Any]:
    """The rows of these keys, found and dressed in one query, in the order of the keys."""
    wanted: Any = ArraySubquery(keys.values("pk"))
    here = Func(F("pk"), wanted, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())
    if also is None:
        dressed = rows.filter(Q(here)).annotate(is_listed=Value(True))
    else:  # an array and not « or »: two conditions joined would read every row
        beside = Func(wanted, Value(also), function="array_append")
        both = Func(F("pk"), beside, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())
        dressed = rows.filter(Q(both)).annotate(is_listed=here)
    dressed = dressed.order_by(*keys.query.order_by)
    return list(dressed if keys.query.standard_ordering else dressed.reverse())
