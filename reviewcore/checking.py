"""Checking a review before anything is done: lists, plans, and what each audience will be able to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from reviewcore.errors import BadInput, Problem, Refused
from reviewcore.steps import Step

if TYPE_CHECKING:
    from reviewcore.aggregation.plan import AggregationPlan, Schema
    from reviewcore.aggregation.rungs import Planned
    from reviewcore.interview.plan import InterviewPlan
    from reviewcore.profile.settings import Profile
    from reviewcore.register.cases import CaseRow
    from reviewcore.register.people import Person
    from reviewcore.reviewtype import ReviewType
    from reviewcore.sealing import Plugins
    from reviewcore.selection.frame import Framed
    from reviewcore.selection.plan import SelectionPlan


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
    from reviewcore.register.stage import check as check_lists

    people, cases = check_lists(folder, profile, kind)
    plan, framed = _frame(people, cases, profile, kind, plugins)
    interviews = plugins.interview(profile.settings)
    problems = [*_selection(plan, framed, profile), *_interviews(interviews, plan, people, profile, kind)]
    problems += [*_letters(people, profile, kind, plugins), *_measures(measures, schema)]
    if problems:
        raise BadInput(problems)
    ks = {audience: profile.audiences.k(audience) for audience in profile.audiences.published()}
    seen = outlook(measures, schema, _planned(plan, framed, measures), ks)
    quota = sum(stratum.quota for stratum in plan.strata)
    did = (
        f"{len(people)} people and {len(cases)} cases: the lists are in order",
        f"{len(framed.placed)} cases can be drawn, {quota} will be, and the quotas can be filled",
        *seen,
    )
    return Step("check", did)


def _frame(
    people: tuple[Person, ...],
    cases: tuple[CaseRow, ...],
    profile: Profile,
    kind: ReviewType,
    plugins: Plugins,
) -> tuple[SelectionPlan, Framed]:
    """Return the plugin's plan and the list sorted by it, blinded with no secret: none of it is kept."""
    from reviewcore.selection.casedraw import Blinding
    from reviewcore.selection.frame import frame, frame_for_plugins, problems
    from reviewcore.selection.plan import Everyone
    from reviewcore.selection.values import FrameRow

    blind = Blinding(bytes(32))
    unit = {person.person_id: blind.unit(person.unit) if person.unit else "" for person in people}
    rows = [
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
    plan = plugins.selection(
        frame_for_plugins(rows, kind.sources[0], profile.audiences.k("public")), profile.settings
    )
    if isinstance(plan, Everyone):
        raise Refused("this review invites everyone, and has no case selection")
    fields = {one.name: one for one in kind.sources[0].fields}
    if wrong := problems(plan, fields):
        raise BadInput(Problem("the sampling plan of this review type", what) for what in wrong)
    return plan, frame(rows, plan, fields)


def _selection(plan: SelectionPlan, framed: Framed, profile: Profile) -> Iterator[Problem]:
    from reviewcore.selection.draw import infeasible
    from reviewcore.selection.seedrule import read_rule

    yield from _refusals("review.toml: seed_rule", lambda: read_rule(profile.seed_rule))
    quotas = {stratum.name: stratum.quota for stratum in plan.strata}
    if short := infeasible(framed.entries(), quotas, plan.per_worker):
        yield Problem("review.toml: review", str(short))


def _interviews(
    interviews: InterviewPlan,
    plan: SelectionPlan,
    people: tuple[Person, ...],
    profile: Profile,
    kind: ReviewType,
) -> Iterator[Problem]:
    from reviewcore.interview.instruments import problems
    from reviewcore.interview.schedule import slots
    from reviewcore.interview.stage import REVIEWER
    from reviewcore.interview.teams import Reviewer, form

    fields = {one.name: one for one in kind.sources[0].fields}
    for instrument in interviews.instruments:
        for what in problems(instrument, fields):
            yield Problem(f"the instrument '{instrument.key}'", what)
    reviewers = [
        Reviewer(person.person_id, person.county, person.program, person.unit)
        for person in people
        if REVIEWER in person.roles
    ]
    yield from _refusals("people list", lambda: form(reviewers, interviews.teams, profile.agency.county))
    calendar = profile.calendar
    sessions = len(interviews.sessions) * sum(stratum.quota for stratum in plan.strata)
    minutes = max((one.minutes for one in interviews.sessions), default=60)
    times = len(slots(calendar.days(), calendar.day_start, calendar.day_end, minutes))
    at_once = min(interviews.teams.teams, profile.rooms)
    if sessions > times * at_once:
        what = (
            f"{sessions} interviews of {minutes} minutes do not fit: the event has {times} times, and {at_once} "
            "can be held at once (the smaller of teams and rooms); plan more days, teams or rooms, or fewer cases"
        )
        yield Problem("review.toml: calendar", what)


def _letters(
    people: tuple[Person, ...], profile: Profile, kind: ReviewType, plugins: Plugins
) -> Iterator[Problem]:
    from reviewcore.notification.stage import milestones, roles
    from reviewcore.notification.wording import problems

    dates = milestones(profile, kind)
    held = roles(
        [{"roles": person.roles, "language": person.language} for person in people],
        profile.audiences.k("public"),
    )
    plan = plugins.notification(held, dates, profile.settings)
    for what in problems(plan, profile.languages, held, dates):
        yield Problem("the letters of this review type", what)


def _measures(measures: AggregationPlan, schema: Schema) -> Iterator[Problem]:
    from reviewcore.aggregation.check import problems

    for what in problems(measures, schema):
        yield Problem("the measures of this review type", what)


def _planned(plan: SelectionPlan, framed: Framed, measures: AggregationPlan) -> Planned:
    from reviewcore.aggregation.rungs import Planned, expected

    quotas = {stratum.name: stratum.quota for stratum in plan.strata}
    rows = [(one.stratum, one.row.fields) for one in framed.placed]
    splits = sorted({split for measure in measures.measures for split in measure.splits})
    return Planned(sum(quotas.values()), {split: expected(rows, quotas, split) for split in splits})


def _refusals(where: str, tried: Callable[[], object]) -> Iterator[Problem]:
    try:
        tried()
    except Refused as error:
        yield Problem(where, str(error))
