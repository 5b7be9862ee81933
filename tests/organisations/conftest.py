"""The same mailbox and people as the tests of accounts; the geography is in the template database."""

from tests.people.conftest import made, mailbox, manager_form, phone, volunteer_form  # noqa: F401 -- fixtures
