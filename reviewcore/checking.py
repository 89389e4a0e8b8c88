"""Checking a review before anything is done: lists, plans, and what each audience will be able to see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.steps import Step

if TYPE_CHECKING:
    from reviewcore.aggregation.plan import AggregationPlan, Schema
    from reviewcore.aggregation.rungs import Planned
    from reviewcore.aggregation.tallies import Rows
    from reviewcore.interview.plan import InterviewPlan, SessionKind
    from reviewcore.profile.settings import Profile
    from reviewcore.register.cases import CaseRow
    from reviewcore.register.people import Person
    from reviewcore.reviewtype import ReviewType
    from reviewcore.sealing import Plugins
    from reviewcore.selection.frame import Framed
    from reviewcore.selection.plan import Everyone, SelectionPlan
    from reviewcore.selection.values import FrameRow


def check(
    folder: Path,
    profile: Profile,
    kind: ReviewType,
    plugins: Plugins,
    measures: AggregationPlan,
    schema: Schema,
) -> Step:
    """Check the lists and every plan, write nothing, and say what each audience will see.

    Raises BadInput with all that is wrong; plans are held against the lists once these are in order.
    """
    from reviewcore.aggregation.outlook import outlook
    from reviewcore.aggregation.rungs import Planned
    from reviewcore.aggregation.score import problems as score_problems
    from reviewcore.register.key_people import check_key_people
    from reviewcore.register.stage import check as check_lists
    from reviewcore.report.formats import missing
    from reviewcore.selection.plan import Everyone

    lists = check_lists(folder, profile, kind)
    people, cases = lists.people, lists.cases
    listed = check_key_people(
        folder,
        profile,
        kind,
        {case.case_id: case.worker_id for case in cases},
        {person.person_id: person.email for person in people},
    )
    rows = _rows(people, cases)
    plan = _planned_draw(rows, profile, kind, plugins)
    interviews = plugins.interview(profile.settings)
    problems = [
        *listed,
        *_tools(interviews, kind),
        *_groups(plan, people, profile),
        *_measures(measures, schema),
    ]
    problems += [*_guides(interviews, plan, profile), *_extracts(measures, schema, lists.counts())]
    problems += missing(profile.formats)
    if profile.score:
        problems += score_problems(profile.score, measures)
    drawn = () if isinstance(plan, Everyone) else [group.key for group in plan.groups]
    problems += _letters(people, profile, kind, plugins, drawn)
    ks = {audience: profile.audiences.k(audience) for audience in profile.audiences.published()}
    if isinstance(plan, Everyone):
        if problems:
            raise BadInput(problems)
        invited = ", ".join(f"{role} {sum(role in one.roles for one in people)}" for role in plan.roles)
        seen = [*_agendas(interviews, plan.meeting, profile), *_told(measures, schema, lists.counts(), ks)]
        seen += _scored(profile, measures, schema, Planned(0, {}), lists.counts())
        lines = (f"{len(people)} people: the list is in order", f"everyone is invited: {invited}", *seen)
        return Step("check", lines)
    framed = _framed(plan, rows, kind)
    problems += [*_selection(plan, framed, profile), *_interviews(interviews, plan, people, profile)]
    if problems:
        raise BadInput(problems)
    planned = _planned(plan, framed, measures)
    seen = outlook(measures, schema, planned, ks)
    quota = sum(stratum.quota for stratum in plan.strata)
    did = (
        f"{len(people)} people and {len(cases)} cases: the lists are in order",
        f"{len(framed.entries)} cases can be drawn, {quota} will be, and the quotas can be filled",
        *seen,
        *_told(measures, schema, lists.counts(), ks),
        *_scored(profile, measures, schema, planned, lists.counts()),
    )
    return Step("check", did)


def check_draw(folder: Path, profile: Profile, kind: ReviewType, plugins: Plugins) -> None:
    """Check the lists and whether they can be drawn from; write nothing. Raises BadInput with all that is wrong."""
    from reviewcore.register.stage import check as check_lists
    from reviewcore.selection.plan import Everyone

    lists = check_lists(folder, profile, kind)
    people, cases = lists.people, lists.cases
    rows = _rows(people, cases)
    plan = _planned_draw(rows, profile, kind, plugins)
    problems = list(_groups(plan, people, profile))
    if not isinstance(plan, Everyone):
        problems += _selection(plan, _framed(plan, rows, kind), profile)
    if problems:
        raise BadInput(problems)


def _planned_draw(
    rows: list[FrameRow], profile: Profile, kind: ReviewType, plugins: Plugins
) -> SelectionPlan | Everyone:
    from reviewcore.selection.frame import frame_for_plugins

    k = profile.audiences.k("public")
    return plugins.selection(frame_for_plugins(rows, kind.cases(), k), profile.settings)


def _rows(people: tuple[Person, ...], cases: tuple[CaseRow, ...]) -> list[FrameRow]:
    """Return the list blinded with no secret: none of it is kept."""
    from reviewcore.selection.casedraw import Blinding
    from reviewcore.selection.values import FrameRow

    blind = Blinding(bytes(32))
    unit = {person.person_id: blind.unit(person.unit) if person.unit else "" for person in people}
    return [
        FrameRow(
            blind.case(case.case_id),
            blind.worker(case.worker_id),
            unit[case.worker_id],
            f"family {case.family_id}" if case.family_id else f"case {case.case_id}",
            "",
            case.fields,
        )
        for case in cases
    ]


def _framed(plan: SelectionPlan, rows: list[FrameRow], kind: ReviewType) -> Framed:
    from reviewcore.selection.frame import frame, problems

    fields = {one.name: one for one in kind.cases().fields}
    if wrong := problems(plan, fields):
        raise BadInput(Problem("the sampling plan of this review type", what) for what in wrong)
    return frame(rows, plan, fields)


def _groups(
    plan: SelectionPlan | Everyone, people: tuple[Person, ...], profile: Profile
) -> Iterator[Problem]:
    """Hold those who gather, in focus groups or all together, against the people list and the meetings."""
    from reviewcore.selection.plan import Everyone

    held = {role for person in people for role in person.roles}
    if isinstance(plan, Everyone):
        wanted = [(role, plan.meeting) for role in plan.roles]
    else:
        wanted = [(group.role, group.meeting) for group in plan.groups]
    for role in dict.fromkeys(role for role, _ in wanted if role not in held):
        yield Problem("people list", f"nobody on it has the role '{role}', from which people are invited")
    for meeting in dict.fromkeys(meeting for _, meeting in wanted if meeting not in profile.meetings):
        yield Problem(
            "review.toml: meetings",
            f"people are invited to '{meeting}', and the profile does not set it; add a [meetings.{meeting}] table",
        )


def _selection(plan: SelectionPlan, framed: Framed, profile: Profile) -> Iterator[Problem]:
    from reviewcore.selection.feasible import infeasible
    from reviewcore.selection.seedrule import read_rule

    again = plan.fresh_alternates or profile.replacements == "new dice"
    yield from _refusals("review.toml: seed_rule", lambda: read_rule(profile.seed_rule, again=again))
    if short := infeasible(framed.entries, plan.quotas(), plan.per_worker):
        yield Problem("review.toml: review", str(short))


def _guides(interviews: InterviewPlan, plan: SelectionPlan | Everyone, profile: Profile) -> Iterator[Problem]:
    from reviewcore.interview.guidefiles import problems
    from reviewcore.interview.guides import too_long
    from reviewcore.selection.plan import Everyone

    meetings = [plan.meeting] if isinstance(plan, Everyone) else [group.meeting for group in plan.groups]
    of = "everyone" if isinstance(plan, Everyone) else "group"
    held = [(kind.key, meeting) for kind in interviews.sessions if kind.of == of for meeting in meetings]
    if wrong := [Problem("the guides of this review type", what) for what in problems(interviews)]:
        yield from wrong
    else:
        yield from too_long(interviews, profile.meetings, held)


def _agendas(interviews: InterviewPlan, meeting: str, profile: Profile) -> Iterator[str]:
    """Say how the agenda of the meeting of everyone is stretched or shrunk to it."""
    from reviewcore.interview.guides import agenda

    kinds = [kind.key for kind in interviews.sessions if kind.of == "everyone"]
    for guide in interviews.guides:
        if guide.session in kinds:
            yield from agenda(guide, profile.meetings[meeting])


def _extracts(measures: AggregationPlan, schema: Schema, extracts: Mapping[str, Rows]) -> Iterator[Problem]:
    from reviewcore.aggregation.check import problems
    from reviewcore.aggregation.stage import counted

    if measures.tallies and not problems(measures, schema):
        try:
            counted(measures, schema, extracts)
        except BadInput as error:
            yield from error.problems


def _told(
    measures: AggregationPlan, schema: Schema, extracts: Mapping[str, Rows], ks: Mapping[str, int]
) -> Iterator[str]:
    """Say which months the extracts hold, and what each audience will be told of them."""
    from reviewcore.aggregation.stage import counted
    from reviewcore.disclosure.outlook import outlook
    from reviewcore.disclosure.tallied import said

    tallies = counted(measures, schema, extracts) if measures.tallies else ()
    for one in tallies:
        if one.tally.period:
            months = f"{len(one.months)} months, from {said(one.months[0])} to {said(one.months[-1])}"
            yield f"{one.tally.source}: {months}; the tables are of {said(one.months[one.at])}"
    yield from outlook(tallies, ks)


def _scored(
    profile: Profile,
    measures: AggregationPlan,
    schema: Schema,
    planned: Planned,
    extracts: Mapping[str, Rows],
) -> Iterator[str]:
    """Say what the CalHHS guideline says of the tables, where the profile asks for it."""
    from reviewcore.aggregation.score import advice
    from reviewcore.aggregation.stage import counted

    if profile.score:
        tallies = counted(measures, schema, extracts) if measures.tallies else ()
        ks = {audience: profile.audiences.k(audience) for audience in profile.audiences.published()}
        yield from advice(profile.score, measures, schema, planned, tallies, ks)


def _tools(interviews: InterviewPlan, kind: ReviewType) -> Iterator[Problem]:
    from reviewcore.interview.instruments import problems

    fields = {one.name: one for one in kind.cases().fields}
    for instrument in interviews.instruments:
        for what in problems(instrument, fields):
            yield Problem(f"the instrument '{instrument.key}'", what)


def _interviews(
    interviews: InterviewPlan, plan: SelectionPlan, people: tuple[Person, ...], profile: Profile
) -> Iterator[Problem]:
    from reviewcore.interview.schedule import slots
    from reviewcore.interview.stage import REVIEWER
    from reviewcore.interview.teams import Reviewer, form

    kinds, rules = [kind for kind in interviews.sessions if kind.of == "case"], interviews.teams
    if not kinds:
        return
    if rules is None:
        yield Problem(
            "the interviews of this review type", "cases are reviewed, but it has no rules for teams"
        )
        return
    reviewers = [
        Reviewer(person.person_id, person.county, person.program, person.unit)
        for person in people
        if REVIEWER in person.roles
    ]
    yield from _refusals("people list", lambda: form(reviewers, rules, profile.agency.county))
    calendar = profile.calendar
    if any(kind.days for kind in kinds):
        yield from _days(kinds, plan, rules.teams, profile)
        return
    sessions = len(kinds) * sum(stratum.quota for stratum in plan.strata)
    minutes = max(one.minutes for one in kinds)
    times = len(slots(calendar.days(), calendar.day_start, calendar.day_end, minutes))
    at_once = min(rules.teams, profile.rooms)
    if sessions > times * at_once:
        what = (
            f"{sessions} interviews of {minutes} minutes do not fit: the event has {times} times, and {at_once} "
            "can be held at once (the smaller of teams and rooms); plan more days, teams or rooms, or fewer cases"
        )
        yield Problem("review.toml: calendar", what)


def _days(kinds: list[SessionKind], plan: SelectionPlan, teams: int, profile: Profile) -> Iterator[Problem]:
    """Hold case reviews of several days against the event's days."""
    from reviewcore.interview.stays import runs, too_many

    [kind, *others] = kinds
    if others:
        what = "a team has a case for days, so there can be no other session of a case; take the others out"
        yield Problem("the interviews of this review type", what)
        return
    cases = sum(stratum.quota for stratum in plan.strata)
    blocks = runs(profile.calendar.days(), kind.days)
    if why := too_many(cases, min(teams, profile.rooms), blocks, kind.days):
        yield Problem("review.toml: calendar", why)


def _letters(
    people: tuple[Person, ...],
    profile: Profile,
    kind: ReviewType,
    plugins: Plugins,
    groups: Iterable[str],
) -> Iterator[Problem]:
    from reviewcore.notification.blanks import DRAWN_FOR
    from reviewcore.notification.stage import milestones, roles
    from reviewcore.notification.wording import problems

    dates = milestones(profile, kind)
    held = roles(
        [{"roles": person.roles, "language": person.language} for person in people],
        profile.audiences.k("public"),
    )
    plan = plugins.notification(held, dates, profile.settings)
    found = problems(plan, profile.languages, held, dates)
    named = {f"{DRAWN_FOR}{key}" for key in groups}
    for letter in plan.letters:
        if letter.to.startswith(DRAWN_FOR) and letter.to not in named:
            found.append(f"letter {letter.key}: to: no focus group of that key is drawn")
    for what in found:
        yield Problem("the letters of this review type", what)


def _measures(measures: AggregationPlan, schema: Schema) -> Iterator[Problem]:
    from reviewcore.aggregation.check import problems

    for what in problems(measures, schema):
        yield Problem("the measures of this review type", what)


def _planned(plan: SelectionPlan, framed: Framed, measures: AggregationPlan) -> Planned:
    from reviewcore.aggregation.rungs import Planned, expected

    quotas = plan.quotas()
    rows = [(entry.stratum, row.fields) for row, entry in zip(framed.rows, framed.entries, strict=True)]
    splits = sorted({split for measure in measures.measures for split in measure.splits})
    return Planned(sum(quotas.values()), {split: expected(rows, quotas, split) for split in splits})


def _refusals(where: str, tried: Callable[[], object]) -> Iterator[Problem]:
    try:
        tried()
    except Refused as error:
        yield Problem(where, str(error))
