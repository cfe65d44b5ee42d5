"""Signing in: accounts are made by whoever runs the city's system, never by signing up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Close public sign-up."""

    def is_open_for_signup(self, request: HttpRequest, *_args: Any) -> bool:
        """Tell that nobody may sign up by themselves."""
        return False
