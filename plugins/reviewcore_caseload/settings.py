"""What an agency settles for its in-service: its clinics, the terms of its state system, its goal (CAS-1 to CAS-11)."""

from __future__ import annotations

from attrs import Factory, field, frozen

from reviewcore.api import at_least, filled

CATEGORIES = ("pregnant", "breastfeeding", "postpartum", "infant", "child")
PRIORITIES = ("I", "II", "III", "IV", "V", "VI", "VII")
APPOINTMENTS = ("certification", "recertification", "nutrition education", "benefits only")


@frozen(repr=False)
class Goal:
    """The agency's goal as it is proposed to the group: who, what, by when, and why (CAS-5)."""

    who: str = field(default="All staff of the agency", validator=filled)
    what: str = field(default="100 percent of the assigned caseload", validator=filled)
    months: int = field(default=3, validator=at_least(1))
    why: str = "so that as many families as possible are served, and the funding stays stable"

    def when(self) -> str:
        """Return by when, as people say it."""
        return "1 month" if self.months == 1 else f"{self.months} months"

    def said(self) -> str:
        """Return the goal as one sentence, without its full stop."""
        why = f", {self.why}" if self.why else ""
        return f"{self.who}, {self.what}, within {self.when()}{why}"


@frozen(repr=False)
class Settings:
    """The `[review]` part of a caseload profile."""

    clinics: tuple[str, ...] = field()
    state: str = field(validator=filled)
    system: str = field(validator=filled)
    facilitator: str = field(validator=filled)
    categories: tuple[str, ...] = CATEGORIES
    priorities: tuple[str, ...] = PRIORITIES
    appointments: tuple[str, ...] = APPOINTMENTS
    statuses: tuple[str, ...] = ("issued", "30-day", "closeout")
    final: tuple[str, ...] = ("closeout",)
    benefits: str = field(default="benefits", validator=filled)
    goal: Goal = Factory(Goal)

    def __attrs_post_init__(self) -> None:
        """Name every clinic, category, priority, appointment type and status once; `final` is of the statuses."""
        lists = {
            "clinics": self.clinics,
            "categories": self.categories,
            "priorities": self.priorities,
            "appointments": self.appointments,
            "statuses": self.statuses,
        }
        for name, values in lists.items():
            if not values:
                raise ValueError(f"{name}: name at least one")
            twice = [one for one in values if values.count(one) > 1]
            if twice or not all(one.strip() and "____" not in one for one in values):
                raise ValueError(f"{name}: name each once, and leave none empty")
        unknown = [one for one in self.final if one not in self.statuses]
        if unknown:
            raise ValueError(
                f"final: {', '.join(unknown)} is not one of the statuses {', '.join(self.statuses)}"
            )
