"""Pages of lists: twenty rows, whatever is asked, and no page dearer than the first."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 20
FEW = 1000  # results of words that are read at once instead of being counted, then read


class BothEnds(Paginator):  # type: ignore[type-arg]  # generic in its stubs alone
    """Pages of an ordered query; those of its second half are read from the end, so that the last costs what the first does."""

    def page(self, number: int | str) -> Page[Any]:
        """One page.

        Raises:
            InvalidPage: there is no such page.
        """
        page = super().page(number)
        first = (page.number - 1) * self.per_page
        if isinstance(self.object_list, QuerySet) and first > self.count // 2:
            last = min(first + self.per_page, self.count)
            page.object_list = list(self.object_list.reverse()[self.count - last : self.count - first])[::-1]
        return page


def page_of(request: HttpRequest, items: Any, per_page: int = PER_PAGE, *, count: int | None = None) -> Page[Any]:
    """The page that the address asks for; a page that does not exist is the nearest one. ``count``: when it is known already."""
    pages = BothEnds(items, per_page)
    if count is not None:
        pages.count = count
    return pages.get_page(request.GET.get("page"))


def dressed_page(
    request: HttpRequest, found: QuerySet[Any] | list[int], rows: QuerySet[Any], *, by_words: bool = False, count: int | None = None
) -> Page[Any]:
    """The page of ``found`` (rows, or their keys) that the address asks for, dressed as ``rows`` (the same model, with all a row shows).

    Found first, dressed after: what a row costs (places, joins) is paid for the rows of this page, not for all before it.
    ``by_words``: words were looked up, which costs as much to count as to read: both in one query when they find few.
    ``count``: how many there are, when that is known already.
    """
    keys = found.values_list("pk", flat=True) if isinstance(found, QuerySet) else found
    few = list(keys[: FEW + 1]) if by_words else []
    page = page_of(request, few if by_words and len(few) <= FEW else keys, count=count)
    wanted = list(page.object_list)
    by_pk = {row.pk: row for row in rows.filter(pk__in=wanted)}
    page.object_list = [by_pk[pk] for pk in wanted if pk in by_pk]
    return page
