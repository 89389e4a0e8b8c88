"""Languages as people call them: those that interpreters are most often asked for in county agencies."""

from __future__ import annotations

_ENGLISH = {
    "am": "Amharic", "ar": "Arabic", "ase": "American Sign Language", "bo": "Tibetan", "de": "German",
    "en": "English", "es": "Spanish", "fa": "Farsi", "fr": "French", "hi": "Hindi", "hmn": "Hmong",
    "ht": "Haitian Creole", "hy": "Armenian", "ja": "Japanese", "km": "Khmer", "ko": "Korean", "lo": "Lao",
    "mix": "Mixtec", "ne": "Nepali", "pa": "Punjabi", "ps": "Pashto", "pt": "Portuguese", "ru": "Russian",
    "so": "Somali", "sw": "Swahili", "tl": "Tagalog", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
_SPANISH = {
    "am": "amárico", "ar": "árabe", "ase": "lengua de señas americana", "bo": "tibetano", "de": "alemán",
    "en": "inglés", "es": "español", "fa": "persa", "fr": "francés", "hi": "hindi", "hmn": "hmong",
    "ht": "criollo haitiano", "hy": "armenio", "ja": "japonés", "km": "jemer", "ko": "coreano", "lo": "lao",
    "mix": "mixteco", "ne": "nepalí", "pa": "punyabí", "ps": "pastún", "pt": "portugués", "ru": "ruso",
    "so": "somalí", "sw": "suajili", "tl": "tagalo", "uk": "ucraniano", "ur": "urdu", "vi": "vietnamita",
    "zh": "chino",
}  # fmt: skip


def said(code: str, language: str = "en") -> str:
    """Return what a language is called, itself said in English or Spanish; its code where it is not known.

    >>> said("hmn"), said("es-MX", "es"), said("xyz")
    ('Hmong', 'español', 'xyz')
    """
    names = _SPANISH if language.split("-")[0].lower() == "es" else _ENGLISH
    return names.get(code, names.get(code.split("-")[0].lower(), code))
