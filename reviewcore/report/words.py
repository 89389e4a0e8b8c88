"""The words that the engine itself puts into a document, in each language that it can write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import frozen

SCALES = (("few", "some", "most"), ("fewer than half", "half or more"))
"""The scales that a table at the rung "band" can be on, each from the smallest share to the largest."""
BEHIND = ("unreliable", "thirty or more")
"""How many cases are behind an estimate: fewer than thirty, or not."""


@frozen
class Words:
    """What the engine says in one language. `withheld` is the one mark for a figure that is not shown."""

    locale: str
    withheld: str
    about_withheld: str
    bands: Mapping[str, str]
    audiences: Mapping[str, str]
    skip: str
    contents: str
    cases: str
    key: str
    nothing: str
    no_themes: str
    same_figures: str
    same_above: str
    prepared_by: str
    page: str
    text: str
    section: str
    subject: str
    continued: str
    months: tuple[str, ...]
    day_form: str

    def day(self, value: date) -> str:
        """Return a date as people write it.

        >>> words("en").day(date(2027, 3, 5))
        'March 5, 2027'
        """
        return self.day_form.format(day=value.day, month=self.months[value.month - 1], year=value.year)


_ENGLISH = Words(
    locale="en-US",
    withheld="withheld",
    about_withheld=(
        "Where it says “withheld”, a figure is kept back, because it could tell something about one person, "
        "by itself or worked back from other figures. Withheld does not mean zero, and it does not mean "
        "that answers are missing."
    ),
    bands={name: name for name in (*(one for scale in SCALES for one in scale), *BEHIND)},
    audiences={
        "team": "For the review team",
        "agency": "For the agency",
        "state": "For the state",
        "public": "For the public",
    },
    skip="Skip to the text",
    contents="Contents",
    cases="Cases",
    key="Key",
    nothing="none",
    no_themes="No theme was heard widely enough to be told here.",
    same_figures="The table that follows holds the same figures.",
    same_above="The table above holds the same figures.",
    prepared_by="Prepared by {agency}",
    page="Page",
    text="Text",
    section="Section",
    subject="Subject",
    continued="continued",
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ),
    day_form="{month} {day}, {year}",
)  # fmt: skip

_SPANISH = Words(
    locale="es-US",
    withheld="reservado",
    about_withheld=(
        "Donde dice «reservado», no se muestra la cifra, porque podría decir algo sobre una sola persona, "
        "por sí misma o calculada a partir de otras cifras. Reservado no significa cero, ni significa que "
        "falten respuestas."
    ),
    bands={
        "few": "pocos",
        "some": "algunos",
        "most": "la mayoría",
        "fewer than half": "menos de la mitad",
        "half or more": "la mitad o más",
        "unreliable": "poco fiable",
        "thirty or more": "treinta o más",
    },
    audiences={
        "team": "Para el equipo de revisión",
        "agency": "Para la agencia",
        "state": "Para el estado",
        "public": "Para el público",
    },
    skip="Ir al texto",
    contents="Contenido",
    cases="Casos",
    key="Clave",
    nothing="ninguno",
    no_themes="Ningún tema se oyó lo bastante como para contarlo aquí.",
    same_figures="La tabla que sigue contiene las mismas cifras.",
    same_above="La tabla de arriba contiene las mismas cifras.",
    prepared_by="Preparado por {agency}",
    page="Página",
    text="Texto",
    section="Sección",
    subject="Asunto",
    continued="continuación",
    months=(
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
        "noviembre", "diciembre",
    ),
    day_form="{day} de {month} de {year}",
)  # fmt: skip

WORDS: Mapping[str, Words] = {"en": _ENGLISH, "es": _SPANISH}


def scale(band: object) -> tuple[str, ...]:
    """Return the scale that a band is on; empty where it is on none."""
    return next((one for one in SCALES if band in one), ())


def words(language: str) -> Words:
    """Return the words of a language tag such as "es" or "es-MX"; raise KeyError where there are none."""
    return WORDS[language.partition("-")[0]]
