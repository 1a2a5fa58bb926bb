"""Asking company systems about the person, policy or claim of an application (policy 3.4)."""
