"""Errors that a person is meant to read: what, where, and what to do next."""

from __future__ import annotations


class MusterError(Exception):
    """A refusal that tells what is wrong, where, and what to do.

    Parameters
    ----------
    what
        What is wrong, in a full sentence.
    where
        File, row, column or name that it concerns; empty when it is plain from ``what``.
    remedy
        What to do next, in a full sentence.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what, self.remedy]
        return " ".join(part for part in parts if part)


class NotFoundError(MusterError):
    """Something that is not there, or not for this actor to see: the two look the same."""


class NotAllowedError(MusterError):
    """An act that the actor sees the object of, but may not do."""


class RuleError(MusterError):
    """An act that a rule of the city forbids, such as a broken rest."""


class StaleBaseError(MusterError):
    """A plan whose base has changed since it was solved."""
