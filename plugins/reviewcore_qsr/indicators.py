"""The indicators: two domains, rated 1 to 6, by role where what is true of one person need not be of another.

A table, so that a county can see on two pages what its reviewers will look at. Each indicator becomes a
section of the tool: its ratings, and a favorable and an unfavorable comment, which are sealed (facts 1.1).
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from reviewcore.api import All, Compare, Condition, Item, Section

Domain: TypeAlias = Literal["status", "practice"]
Window: TypeAlias = Literal["the past 30 days", "the past 90 days", "the past 12 months and the next 6"]

_AWAY = Compare("setting", "is", "out-of-home")
_THREE = Compare("age", "at_least", 3)
_GONE = (
    "not living, or cannot be found",
    "the court allows no part in the case",
    "no part in the child's life",
)


@frozen
class Rating:
    """One rating of an indicator: of whom or of what, when it applies, why it may not."""

    of: str
    label: str
    when: Condition | None = None
    unless: tuple[str, ...] = ()


CHILD = Rating("child", "child or youth", _THREE, ("too young or too ill to take part",))
MOTHER = Rating("mother", "mother", None, _GONE)
FATHER = Rating("father", "father", None, _GONE)
CAREGIVER = Rating(
    "caregiver", "substitute caregiver", _AWAY, ("lives in a group setting without one caregiver",)
)
WHOLE = (Rating("", ""),)


@frozen
class Indicator:
    """One indicator: its statement, what to look at, the time that counts, and its ratings."""

    key: str
    domain: Domain
    title: str
    words: str
    look: str
    ratings: tuple[Rating, ...] = WHOLE
    window: Window | None = None

    def item_key(self, rating: Rating) -> str:
        """Return the key of the item that holds a rating."""
        return f"{self.key}-{rating.of}" if rating.of else self.key

    def section(self) -> Section:
        """Return the tool's section for the indicator."""
        window = self.window or ("the past 30 days" if self.domain == "status" else "the past 90 days")
        items = [
            Item(
                self.item_key(rating),
                f"{self.title}{f', {rating.label}' if rating.label else ''}",
                scale=self.domain,
                not_applicable=rating.unless,
                when=rating.when,
                help=f"{self.words} Look at {window}. {self.look}" if rating is self.ratings[0] else "",
            )
            for rating in self.ratings
        ]
        when = self.ratings[0].when if len(self.ratings) == 1 else None
        items += [
            Item(
                f"{self.key}-{side}", words, "text", when=when, required=False,
            )
            for side, words in (
                ("favorable", f"{self.title}: what speaks for it? Tell it without names."),
                ("unfavorable", f"{self.title}: what speaks against it? Tell it without names."),
            )
        ]  # fmt: skip
        return Section(f"{'Status' if self.domain == 'status' else 'Practice'}: {self.title}", tuple(items))


def _status(
    key: str, title: str, words: str, look: str, *ratings: Rating, window: Window | None = None
) -> Indicator:
    return Indicator(key, "status", title, words, look, ratings or WHOLE, window)


def _practice(key: str, title: str, words: str, look: str, *ratings: Rating) -> Indicator:
    return Indicator(key, "practice", title, words, look, ratings or WHOLE)


INDICATORS: tuple[Indicator, ...] = (
    _status(
        "safety-threats", "Safety from harm by others",
        "The child is free of abuse, neglect and threats where they live, learn and spend their time.",
        "Rate each place by itself. A place that the child does not go to does not apply.",
        Rating("home", "family home", None, ("the child is not in the family home at all",)),
        Rating("substitute", "substitute home", _AWAY),
        Rating("school", "school or day care", None, ("in neither school nor day care",)),
    ),
    _status(
        "safety-behavior", "Safety from own behavior",
        "The child does nothing that puts themselves or others in danger.",
        "Think of running away, self-harm, substances and violence.",
        Rating("", "", _THREE),
    ),
    _status(
        "stability", "Stability",
        "Home and school stay the same, and any change was for the child's good and was prepared.",
        "Look back at moves, and ahead at those that are likely.",
        Rating("home", "living arrangement"),
        Rating("school", "school", Compare("formal_school", "is", True)),
        window="the past 12 months and the next 6",
    ),
    _status(
        "living", "Living arrangement",
        "The child lives in the home that suits them best, close to family, friends and what they know.",
        "Ask whether brothers and sisters are together, and whether language and culture are at home there.",
    ),
    _status(
        "permanency", "Permanency",
        "The child lives with people who will stay theirs, or is surely on the way to that.",
        "Those involved should be able to say who these people are.",
    ),
    _status(
        "health", "Physical health",
        "The child is as healthy as they can be, and gets the care that keeps them so.",
        "Doctor, dentist, eyes, medicine, sleep and food all count.",
    ),
    _status(
        "well-being", "Emotional well-being",
        "The child feels safe and cared for, gets along with others, and copes with what life brings.",
        "Listen to the child first, then to those who see them every day.",
    ),
    _status(
        "early-learning", "Early learning and development",
        "The child's growth in body, speech and play is what can be expected at this age, or help is at work.",
        "For children under 8 who are not in formal school.",
        Rating("", "", All((Compare("age", "at_most", 7), Compare("formal_school", "is", False)))),
    ),
    _status(
        "academic", "Academic status",
        "The child goes to school, takes part, and learns at the level that is right for them.",
        "For those of 8 or more, or in formal school. Out of term, look at the last 30 days of school.",
        Rating("", "", Compare("formal_school", "is", True)),
    ),
    _status(
        "independence", "Pathway to independence",
        "The youth is gaining what adult life asks for: skills, work or study, health, people, a home.",
        "For youth of 16 or more.",
        Rating("", "", Compare("age", "at_least", 16)),
    ),
    _status(
        "functioning", "Parent and caregiver functioning",
        "Whoever raises the child can and does give care, limits and affection, with support where they need it.",
        "Rate each of them by themselves.",
        MOTHER, FATHER, CAREGIVER,
    ),
    _practice(
        "engagement", "Engagement efforts",
        "Those who work with the family go out to find them, build trust, and keep at it.",
        "Look at times and places that suited the family, and at how hard contact was to keep.",
        CHILD, MOTHER, FATHER, CAREGIVER,
    ),
    _practice(
        "voice", "Role and voice",
        "Each of them has a say that shows in what is decided.",
        "Ask each of them to name something that went their way.",
        CHILD, MOTHER, FATHER, CAREGIVER,
    ),
    _practice(
        "teaming", "Teaming",
        "The right people form one team with the family, meet, and pull in one direction.",
        "A list of providers is no team. Look for shared aims and for who coordinates.",
        Rating("formation", "who is on it"),
        Rating("functioning", "how it works"),
    ),
    _practice(
        "culture", "Cultural awareness and responsiveness",
        "The family's culture, faith, language and history are known and shape the work.",
        "Ask what was done otherwise because of it.",
        CHILD, MOTHER, FATHER,
    ),
    _practice(
        "understanding", "Assessment and understanding",
        "The team sees the whole picture: strengths, needs, what lies beneath, what must change.",
        "It should be the same picture whoever is asked.",
        CHILD, MOTHER, FATHER, CAREGIVER,
    ),
    _practice(
        "long-term", "Long-term view",
        "There is a shared picture of how the child and family will live safely without the agency.",
        "Ask each of those interviewed what it takes for the case to close well.",
    ),
    _practice(
        "planning", "Planning with child and family",
        "The plan is theirs: they helped to make it, know what is in it, and it fits them.",
        "Look at what the plan asks of everybody, also of the agency.",
        CHILD, MOTHER, FATHER, CAREGIVER,
    ),
    _practice(
        "transitions", "Planning for changes ahead",
        "Moves, a new school, going home and growing up are seen coming and are prepared.",
        "If nothing is ahead in the next months, it does not apply.",
        Rating("", "", None, ("no change is ahead",)),
    ),
    _practice(
        "timely-permanence", "Efforts toward timely permanence",
        "Everything is done for a lasting home without lost time, with a second plan at work beside the first.",
        "For children out of home.",
        Rating("", "", _AWAY),
    ),
    _practice(
        "intervention", "Services that fit and can be had",
        "What is offered is enough, fits this family, and is there when and where it is needed.",
        "Rate apart how well services fit and whether they could be had.",
        Rating("adequacy", "how well they fit"),
        Rating("availability", "whether they can be had"),
    ),
    _practice(
        "connections", "Keeping family ties",
        "While they live apart, child and family stay part of each other's life.",
        "For children out of home. Count calls, visits, meals, birthdays, school events.",
        Rating("mother", "mother", _AWAY, _GONE),
        Rating("father", "father", _AWAY, _GONE),
        Rating("siblings", "brothers and sisters", _AWAY, ("has none, or lives with all of them",)),
    ),
    _practice(
        "tracking", "Tracking and adjusting",
        "Somebody watches whether the plan works, and changes it when it does not.",
        "Rate apart the watching and the changing.",
        Rating("tracking", "watching"),
        Rating("adjusting", "changing"),
    ),
)  # fmt: skip
"""All indicators, in the order in which they are rated. A county may choose among them."""

SUMMARIES: tuple[tuple[Domain, str, str], ...] = (
    ("status", "overall-status", "Overall status of child and family"),
    ("practice", "overall-practice", "Overall practice"),
)
"""The two summaries: one rating for each domain, given last, in the light of all that was rated in it."""


def summaries() -> Section:
    """Return the section with the rating of each domain as a whole."""
    return Section(
        "The two domains as a whole",
        tuple(
            Item(
                key, title, scale=domain,
                help="Weigh what you rated above. Safety counts most, and one grave concern can settle it."
                if domain == "status"
                else "Weigh what you rated above by how much it mattered to this child and family.",
            )
            for domain, key, title in SUMMARIES
        ),
    )  # fmt: skip
