"""Dates as people say them, and the working days that letters leave on."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, time, timedelta

_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SPANISH_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_SPANISH_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def working_day(day: date, holidays: Container[date]) -> date:
    """Return `day`, or the last working day before it where it is a weekend or a holiday."""
    while day.weekday() > 4 or day in holidays:
        day -= timedelta(days=1)
    return day


def say_day(day: date, language: str) -> str:
    """Say a date in words; in a language that is not known here, in digits that nobody can mistake.

    >>> say_day(date(2027, 3, 1), "en"), say_day(date(2027, 3, 1), "es-MX"), say_day(date(2027, 3, 1), "hmn")
    ('Monday, March 1, 2027', 'lunes 1 de marzo de 2027', '2027-03-01')
    """
    match base(language):
        case "en":
            return f"{_ENGLISH_DAYS[day.weekday()]}, {_ENGLISH_MONTHS[day.month - 1]} {day.day}, {day.year}"
        case "es":
            return (
                f"{_SPANISH_DAYS[day.weekday()]} {day.day} de {_SPANISH_MONTHS[day.month - 1]} de {day.year}"
            )
    return day.isoformat()


def say_span(starts: datetime, ends: datetime, language: str) -> str:
    """Say from when to when: hours within one day, days over several, the day alone for a date due.

    >>> say_span(datetime(2027, 3, 1, 9), datetime(2027, 3, 1, 12, 30), "en")
    'Monday, March 1, 2027, 9:00 a.m. to 12:30 p.m.'
    """
    first, last = say_day(starts.date(), language), say_day(ends.date(), language)
    if starts == ends:
        return first
    if starts.date() == ends.date():
        from_, to = _say_time(starts.time(), language), _say_time(ends.time(), language)
        return {
            "en": f"{first}, {from_} to {to}",
            "es": f"{first}, de {from_} a {to}",
        }.get(base(language), f"{first}, {from_}-{to}")
    return {
        "en": f"{first} to {last}",
        "es": f"del {first} al {last}",
    }.get(base(language), f"{first} / {last}")


def base(language: str) -> str:
    """Return the language of a tag such as "es-MX" without its region."""
    return language.split("-")[0].lower()


def _say_time(moment: time, language: str) -> str:
    clock = f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02}"
    match base(language):
        case "en":
            return f"{clock} {'a.m.' if moment.hour < 12 else 'p.m.'}"
        case "es":
            return f"{clock} {'a. m.' if moment.hour < 12 else 'p. m.'}"
    return f"{moment:%H:%M}"
