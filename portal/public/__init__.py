"""Pages that anybody may open. They work without JavaScript."""

from portal.public import (
    api,
    apply,
    contact,
    home,
    how,
    notice,
    preferences,
    resumable,
    status,
    status_page,
    survey,
)

PAGES = (
    home,
    preferences,
    apply,
    resumable,
    status,
    status_page,
    contact,
    survey,
    how,
    notice,
)
"""Every module with a router, for portal.app."""
PROGRAMS = (api.router, api.public)
"""Doors for programs."""
