"""The documents of a quality service review: a report for every audience, and a summary for the agency.

Every figure is cited from a published table. Which tables there are, and how fine, was fixed by the
audience's rules; whatever was left out is named, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from reviewcore.api import (
    Block,
    Bullets,
    Cite,
    Document,
    Given,
    Heading,
    Paragraph,
    Publication,
    ReportPlan,
    Scale,
    ShowQuotes,
    ShowTable,
    ShowThemes,
    Text,
    chart_or_table,
    estimated,
    fill,
    finding,
    good_columns,
    published,
    standing,
)
from reviewcore_qsr.aggregation import CASE_THEMES, GROUP_THEMES
from reviewcore_qsr.indicators import INDICATORS, SUMMARIES, Domain, Indicator, Rating
from reviewcore_qsr.interview import case_tool
from reviewcore_qsr.notification import values
from reviewcore_qsr.settings import Settings

_TOO_FEW = (
    "So few cases were reviewed that no figure can be told here without the risk of pointing to someone. A "
    "review of more cases would show more."
)
_DOMAINS: tuple[tuple[Domain, str, str], ...] = (
    ("status", "How children, youth and families are doing", "Acceptable"),
    ("practice", "How practice serves them", "Acceptable"),
)


def plan(publication: Publication, settings: Settings) -> ReportPlan:
    """Return the report, and for the agency a summary to hand round."""
    given = values(settings)
    report = (
        *_about(given),
        *_selection(settings, given),
        *_who(publication, given),
        *_found(publication, settings),
        *estimated(publication),
        *_heard(publication, settings),
        *_withheld(publication, settings),
        *_next(given),
    )
    title = "Quality Service Review: what we learned"
    documents = [Document("report", publication.audience, title, report)]
    if publication.audience == "agency":
        short = (*_in_short(publication, settings, given), *_heard(publication, settings), *_next(given))
        documents.append(Document("summary", "agency", "Quality Service Review: a summary", short))
    return ReportPlan(tuple(documents))


def _about(given: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(1, ("What this review is",))
    yield _say(
        given,
        "A Quality Service Review asks two things: how children, youth and families are doing, and how well "
        "practice serves them. It looks at a small number of cases closely, so that practice can improve. Files "
        "were read for the basic facts; most of what is told here was heard from the people who know each case, "
        "and in focus groups.",
    )
    yield _say(
        given,
        "The review looks at the system. Nobody was graded. What was found in a single case is not reported, here "
        "or anywhere else, and no words are put to anyone.",
    )


def _selection(settings: Settings, given: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(1, ("How the cases were selected",))
    divided = {
        "nothing": "",
        "setting": " How many would be in-home and how many out-of-home was set beforehand.",
        "service_area": " How many would come from each service area was set beforehand.",
    }[settings.sample.by]
    yield _say(
        given,
        "The review was planned for {cases} cases, drawn at random from all open cases."
        + divided
        + " The list was "
        "sealed before the draw, and the draw can be checked by anyone who holds its papers. No worker had more "
        "than one case in the review. Members of the focus groups were drawn by the same dice.",
    )


def _who(publication: Publication, given: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(1, ("Who took part",))
    yield _say(
        given,
        "Two reviewers had each case for {days_said}. They talked with the child or youth, the family, caregivers, "
        "advocates, providers and the caseworker. Families, children and youth were interviewed only where they "
        "had agreed; everyone could decline, and could have an interpreter.",
    )
    if sample := published(publication, "sample"):
        if sample.cell("all", "cases").kind != "withheld":
            yield Paragraph(("Cases reviewed: ", Cite("sample", "all", "cases"), "."))
        yield ShowTable("sample")


def _found(publication: Publication, settings: Settings) -> Iterator[Block]:
    tool = case_tool(settings)
    yield Heading(1, ("What was found",))
    if not any(published(publication, item.key) for item in tool.items()):
        yield Paragraph((_TOO_FEW,))
        return
    yield _say(
        {},
        "Each indicator was rated for every case to which it applies, on a scale of six steps. The upper three are "
        "acceptable, the lower three are not. Some indicators are rated for each person by role. Where a figure is "
        "a share, it is a share of the cases to which the indicator applies. "
        "Where a count would tell too much, the share is told in words. Few is about a quarter of the cases or fewer, "
        "most about three quarters or more, and some lies between. With fewer cases it is only told whether it "
        "was half or more.",
    )
    for domain, title, _ in _DOMAINS:
        yield Heading(2, (title,))
        scale = next(one for one in tool.scales if one.key == domain)
        yield Bullets(tuple((Given(f"{one.code} {one.label}: {one.anchor}"),) for one in scale.codes))
        for summary_domain, key, words in SUMMARIES:
            if summary_domain == domain and published(publication, key):
                yield Heading(3, (words,))
                yield from _finding(publication, key)
        for indicator in _chosen(settings, domain):
            told = [one for one in indicator.ratings if published(publication, indicator.item_key(one))]
            if told:
                yield Heading(3, (indicator.title,))
                yield Paragraph((indicator.words,))
            for rating in told:
                if rating.label:
                    yield Heading(4, (f"{rating.label[:1].upper()}{rating.label[1:]}",))
                yield from _finding(publication, indicator.item_key(rating))


def _finding(publication: Publication, item: str) -> Iterator[Block]:
    for key, says in ((item, "in all cases"), (f"{item}/setting", "by setting")):
        if table := published(publication, key):
            if said := finding(table, "Acceptable"):
                yield Paragraph(said)
            yield chart_or_table(table, f"How this was rated {says}")


def _heard(publication: Publication, settings: Settings) -> Iterator[Block]:
    told = {one.key for one in publication.themes if one.themes}
    lists = CASE_THEMES | (GROUP_THEMES if settings.focus_groups else {})
    yield Heading(1, ("What was heard",))
    yield _say(
        {},
        "Reviewers and facilitators marked what the files, the interviews and the groups spoke of. A theme is told "
        "only if it was heard in more than one talk, and by enough people that it points to nobody. Themes are "
        "listed in no order of weight.",
    )
    for key, (_, title) in lists.items():
        if key in told:
            yield ShowThemes(key)
        else:
            yield Paragraph((f"{title}: no theme was heard widely enough to be told here.",))
    for quoted in publication.quotes:
        if quoted.quotes:
            yield _say({}, "In the groups' own words, as the people in them agreed to be quoted:")
            yield ShowQuotes(quoted.key)


def _withheld(publication: Publication, settings: Settings) -> Iterator[Block]:
    yield Heading(1, ("What is not shown, and why",))
    yield _say(
        {},
        "We promised that nobody could be picked out. So a figure is withheld where so few cases stand behind it "
        "that it could tell something about one child, one family or one worker, alone or together with other "
        "figures. Where a count would tell too much, a rougher answer is given, and where even that would, none. "
        "Withheld does not mean zero, and it does not mean that something went wrong.",
    )
    missing = [
        (f"{one.title}{f', {rating.label}' if rating.label else ''}",)
        for domain, _, _ in _DOMAINS
        for one in _chosen(settings, domain)
        for rating in one.ratings
        if not published(publication, one.item_key(rating))
    ]
    missing += [(title,) for _, key, title in SUMMARIES if not published(publication, key)]
    if not any(published(publication, item.key) for item in case_tool(settings).items()):
        yield Paragraph(
            ("Here nothing can be told about any of the indicators: too few cases were reviewed.",)
        )
    elif missing:
        yield _say(
            {},
            "Nothing can be told here about these indicators, since too few of the cases that were reviewed have a "
            "rating for them, or since a figure would give another one away:",
        )
        yield Bullets(tuple(missing))


def _next(given: Mapping[str, str]) -> Iterator[Block]:
    said = (
        "Workers and supervisors of the cases have heard from the reviewers in person what they saw.",
        "Everyone who took part is invited to the next-steps meeting, to say what these findings mean to them.",
        "The findings go into the {improvement_plan}, with steps that can be measured.",
        "The report goes to {state_agency}.",
    )
    yield Heading(1, ("What happens next",))
    yield Bullets(tuple(fill(given, one) for one in said))


def _in_short(publication: Publication, settings: Settings, given: Mapping[str, str]) -> Iterator[Block]:
    """Every finding in a line, what was rated best first; the order follows printed figures only."""
    tool = case_tool(settings)
    yield Heading(1, ("In short",))
    yield _say(
        given,
        "The review was planned for {cases} cases, drawn at random, at most one of any worker. Two reviewers had "
        "each of them for {days_said} and talked with the people who know it. What follows is told for all cases "
        "together, and in each part begins with what was acceptable most often.",
    )
    for domain, title, _ in _DOMAINS:
        yield Heading(2, (title,))
        scale = next(one for one in tool.scales if one.key == domain)
        found = sorted(_lines(publication, settings, domain, scale), key=lambda one: -one[0])
        if found:
            yield Bullets(tuple(said for _, said in found))
        else:
            yield Paragraph((_TOO_FEW,))


def _lines(
    publication: Publication, settings: Settings, domain: Domain, scale: Scale
) -> Iterator[tuple[Fraction, Text]]:
    good = good_columns(scale)
    named = [(key, title) for of, key, title in SUMMARIES if of == domain]
    for one in _chosen(settings, domain):
        named += [(one.item_key(rating), _name(one, rating)) for rating in one.ratings]
    for key, title in named:
        if (table := published(publication, key)) and (said := finding(table, "Acceptable")):
            yield standing(table, good) or Fraction(0), (f"{title}. ", *said)


def _name(indicator: Indicator, rating: Rating) -> str:
    return f"{indicator.title}, {rating.label}" if rating.label else indicator.title


def _chosen(settings: Settings, domain: Domain) -> list[Indicator]:
    return [one for one in INDICATORS if one.domain == domain and one.key in settings.indicators]


def _say(given: Mapping[str, str], text: str) -> Paragraph:
    return Paragraph(fill(given, text))
