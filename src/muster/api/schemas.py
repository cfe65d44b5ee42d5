"""What facts look like on the way in, and answers on the way out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, ValidationError, WrapValidator
from pydantic_core.core_schema import ValidatorFunctionWrapHandler

from muster.duty.actions.notices import LATEST_MIN
from muster.duty.kinds import NoticeKind
from muster.facts.actions import MOST_FACTS
from muster.needs.kinds import CarrierKind, NeedKind, NeedState, VisitOutcome

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_LARGEST_NUMBER = 2**63 - 1


def _check_moment(moment: datetime) -> datetime:
    """Refuse what no clock reads, so that one can be put right by the other."""
    if not _FIRST <= moment < _LAST:
        raise ValueError("no clock reads this")
    return moment


def _check_text(text: str) -> str:
    if "\0" in text:
        raise ValueError("a character of no language")
    return text


Moment: TypeAlias = Annotated[AwareDatetime, AfterValidator(_check_moment)]
Number: TypeAlias = Annotated[int, Field(ge=1, le=_LARGEST_NUMBER)]
Code: TypeAlias = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_check_text)]
Note: TypeAlias = Annotated[str, Field(max_length=200), AfterValidator(_check_text)]
Door: TypeAlias = Annotated[str, Field(max_length=20), AfterValidator(_check_text)]
UrgencySlug: TypeAlias = Literal["life", "today", "can_wait"]
LongNote: TypeAlias = Annotated[str, Field(max_length=400), AfterValidator(_check_text)]


class _FactIn(BaseModel):
    id: UUID = Field(description="Made once, where it is reported; the same fact sent again is taken once.")
    at: Moment = Field(description="When it happened, by the clock of whoever reports.")
    for_other: bool = Field(False, description="Entered by somebody else, from paper or on a person's word.")


class CheckInIn(_FactIn):
    """Somebody came to a duty, or left it."""

    kind: Literal["check_in", "check_out"]
    duty: Number


class HandoverIn(_FactIn):
    """Whoever leaves a duty tells the next one what they must know."""

    kind: Literal["handover"]
    duty: Number
    note: LongNote


class NoticeIn(_FactIn):
    """Whoever has a duty says that they are ill, cannot come, or come late."""

    kind: Literal["notice"]
    duty: Number
    notice: NoticeKind
    late_min: Annotated[int, Field(ge=0, le=LATEST_MIN)] = 0


class VisitIn(_FactIn):
    """Somebody knocked at an area's doors."""

    kind: Literal["visit"]
    area: Code
    outcome: VisitOutcome
    note: Note = ""


class WatchIn(_FactIn):
    """A watch duty was done."""

    kind: Literal["watch"]
    area: Code
    watch: Code
    is_well: bool
    note: Note = ""
    door: Door = Field("", description="Which door, where the duty looks after doors.")


class NeedIn(_FactIn):
    """Somebody asks for help. Its id is the need's name for steps."""

    kind: Literal["need"]
    area: Code
    need_kind: NeedKind
    words: LongNote = ""


class CarrierIn(BaseModel):
    """Whose a need becomes."""

    kind: CarrierKind
    code: Annotated[str, Field(max_length=64), AfterValidator(_check_text)] = Field(
        "", description="Of an office, an organization or a person; the nearest warden, deputy or office where empty."
    )


class StepIn(_FactIn):
    """A need was taken a step further, or something was said of it. It may come before the need itself."""

    kind: Literal["need_step"]
    need: UUID
    state: NeedState | None = Field(None, description="What it became; null where only something is said of it.")
    note: Note = ""
    to: CarrierIn | None = Field(None, description="Whose it became.")
    urgency: UrgencySlug | None = Field(None, description="How pressing it is.")


class Unreadable(BaseModel):
    """What is no fact that the server knows: refused by itself, so that it spoils no other."""

    id: Any = None


def _keep_unreadable(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    try:
        return validate(value)
    except ValidationError:
        return Unreadable(id=value.get("id") if isinstance(value, dict) else None)


AnyFact: TypeAlias = Annotated[
    CheckInIn | HandoverIn | NoticeIn | VisitIn | WatchIn | NeedIn | StepIn, Field(discriminator="kind")
]


class FactsIn(BaseModel):
    """A batch of facts, in any order."""

    sent_at: Moment | None = Field(
        None, description="What the client's clock reads as it sends. A clock that is wrong is put right by it."
    )
    facts: list[Annotated[AnyFact, WrapValidator(_keep_unreadable)]] = Field(max_length=MOST_FACTS)


class AnswerOut(BaseModel):
    """What became of one fact."""

    id: str | None = Field(description="The fact's id, as it was sent; null where none could be read.")
    state: Literal["taken", "seen", "refused"] = Field(description="Taken now; seen before; refused because of `code`.")
    code: str | None = Field(None, description="Why it was refused, or `waiting` where its need has not come yet.")
    en: str | None = Field(None, description="The same for people.")
    zh: str | None = None


class AnswersOut(BaseModel):
    """An answer to each fact, in the order in which they were sent."""

    received_at: datetime = Field(description="What the server's clock read.")
    clock_off_s: int = Field(description="By how many seconds the client's clock was put right; 0 where it was right.")
    answers: list[AnswerOut]
