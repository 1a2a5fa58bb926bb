"""The phone desk: the call screen, call-backs, and the door for the telephone system."""

from portal.phone import call_backs, desk, events, recognised, recorded

PAGES = (recorded, call_backs, recognised, desk)
"""Modules with a router for staff, for portal.app."""
DOOR = events.router
"""For the telephone system."""
