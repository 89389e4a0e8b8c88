"""The pages of a case selection, in the words of a union hall: the sealed list, and the draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import fill
from typing import Any

from reviewcore import language
from reviewcore.language import Field
from reviewcore.selection import casedraw
from reviewcore.selection.bands import alone, told
from reviewcore.selection.plan import Count, SelectionPlan
from reviewcore.selection.sealed import hashed
from reviewcore.selection.seedrule import SeedRule

_WIDTH = 78


def sealed_list(
    body: Mapping[str, Any],
    plan: SelectionPlan,
    fields: Mapping[str, Field],
    rule: SeedRule,
    k: int,
) -> str:
    """Return the paper that is handed out before the seed. Sizes from 1 to k - 1 stand in it as just that."""
    return paper(
        "CASE SELECTION: THE SEALED LIST",
        f"Sealed {body['time']}.{_earlier(body['earlier'])}",
        heading("What this is"),
        "The list of all cases that can be drawn is closed. Each case stands on it as one line of letters and "
        "digits that does not tell which case it is. From all lines, and from the plan below, follows the "
        "commitment: add, change or take out one case, and it becomes another one. Keep this page. Whoever "
        "holds it can later check that the draw was made from this list and by this plan.",
        f"Commitment:\n  {body['commitment']}",
        heading("What is on the list"),
        sizes(body, plan, k),
        all_can_be_drawn(body),
        heading("The plan"),
        _plan(plan, fields),
        *_groups_sealed(body.get("groups", []), k),
        heading("What happens next"),
        _next(rule),
        heading("To check the commitment"),
        "It is the SHA-256 of 'casedraw/1/commit', a line feed, and this text without the spaces before it:",
        f"  {casedraw.jcs(hashed(body))}",
        "Or have Python do it, in the folder with the public's papers:\n  python -I -S verify.py .",
    )


def the_draw(
    committed: Mapping[str, Any], drawn: Mapping[str, Any], key: str, titles: Mapping[str, str]
) -> str:
    """Return the paper of the draw: everything that follows from the dice, under pseudonyms."""
    numbers = [(leaf, number) for leaf, number, why in drawn["dispositions"] if why == "taken"]
    places = [
        f"{place:>4}. {titles[one['stratum']]}\n      line    {leaf}\n      number  {number}"
        for place, (one, (leaf, number)) in enumerate(zip(drawn["selected"], numbers, strict=True), start=1)
    ]
    return paper(
        "CASE SELECTION: THE DRAW",
        f"From the list sealed {committed['time']}, commitment:\n  {committed['commitment']}",
        heading("The seed"),
        "\n".join(f"  {line}" for line in drawn["seed_lines"]),
        f"The seed that follows from the commitment and these lines:\n  {drawn['seed']}",
        f"The key of the draw that follows from the seed:\n  {key}",
        heading("The cases drawn"),
        "Each case's number in the draw follows from the key and from the case's line on the sealed list. The "
        "cases were taken from the smallest number up. A case was passed over only if its group was full, if "
        "its worker already had a case, or if taking it would have left some group short.",
        "\n".join(places) or "No case was drawn.",
        *_groups_drawn(committed.get("groups", []), drawn),
        heading("To check"),
        "A case's number is the SHA-256 of the key and its line, written one behind the other:\n"
        "  printf '%s%s' KEY LINE | sha256sum",
        f"Digest of this result (docs/casedraw.md says of what):\n  {drawn['result']}",
    )


def _groups_sealed(groups: Sequence[Mapping[str, Any]], k: int) -> Iterable[str]:
    """Say who the focus groups are drawn from, and the digest of each group's own list."""
    if not groups:
        return
    yield heading("The focus groups")
    yield (
        "They are drawn with the same seed, each from everybody on the people list who has the group's role. "
        "Nobody is drawn for two of them."
    )
    for one in groups:
        listed = _many(alone(len(one["listed"]), k), "person").replace("persons", "people")
        spare = f", and {one['alternates']} for those who decline" if one["alternates"] else ""
        yield f"- {one['title']}: {one['size']} of {listed}{spare}. Digest of its list:\n  {one['root']}"


def _groups_drawn(groups: Sequence[Mapping[str, Any]], drawn: Mapping[str, Any]) -> Iterable[str]:
    """List the lines drawn for every focus group, with the key that their numbers follow from."""
    if not groups:
        return
    yield heading("The focus groups")
    yield "A person's number is worked out as a case's, with the key of their group."
    titles = {one["key"]: one["title"] for one in groups}
    for one in drawn["groups"]:
        lines = [
            f"{titles[one['key']]}, key:\n  {casedraw.purpose_key(drawn['seed'], 'focus/' + one['key'])}"
        ]
        lines += [f"  {person}" for person in one["members"]]
        lines += [f"  {person}  (asked if somebody declines)" for person in one["alternates"]]
        yield "\n".join(lines)


def _earlier(commitments: Iterable[str]) -> str:
    earlier = list(commitments)
    if not earlier:
        return " It is the first list sealed for this review."
    times = "once" if len(earlier) == 1 else f"{len(earlier)} times"
    return f" A list was sealed {times} before, and set aside before a draw:\n  " + "\n  ".join(earlier)


def sizes(body: Mapping[str, Any], plan: SelectionPlan, k: int) -> str:
    """Say how many cases were listed, can be drawn, and were left out and why, as far as it may be told."""
    reasons, out = body["excluded"], ""  # no stratum has an empty name
    total, parts = told({**body["by_stratum"], out: sum(reasons.values())}, k)
    control = body.get("control_total")
    same = {None: "", body["listed"]: f" That is also the agency's own count ({body.get('control_source')})."}
    lines = [
        f"{_cases(total)} {'was' if total.high == 1 else 'were'} listed."
        + same.get(control, " The agency's own count is another number; ask the agency for the reason."),
        *(
            f"- {stratum.title or stratum.name}: {_cases(parts[stratum.name], total)} of "
            f"{_many(alone(body['workers_by_stratum'][stratum.name], k), 'worker')}; "
            f"{stratum.quota} will be drawn."
            for stratum in plan.strata
        ),
    ]
    if reasons:
        lines.append(f"- Left out: {_cases(parts[out], total)}, for these reasons:")
        # The reasons' sizes add up to that of the whole: told beside a band, they would undo it.
        exact = parts[out].low == parts[out].high
        by_reason = told(reasons, k)[1] if exact else {}
        lines += [
            f"    {why}" + (f": {_cases(by_reason[why], parts[out])}" if exact else "") for why in reasons
        ]
    lines.append(f"Sizes from 1 to {k - 1}, and what would give them away, are told only roughly.")
    return "\n".join(lines)


def all_can_be_drawn(body: Mapping[str, Any]) -> str:
    """Say whether every case on the list has a chance, without saying how many have none."""
    if not body["chances"]["zero"]:
        return "Every case on the list can be drawn. How likely each one is, is in the witnesses' papers."
    return (
        "Some cases on the list can be drawn by no seed, because another group needs their worker or because none "
        "is drawn of their group. Which lines these are, and how likely each other one is, is in the witnesses' "
        "papers."
    )


def _plan(plan: SelectionPlan, fields: Mapping[str, Field]) -> str:
    cap = "one case" if plan.per_worker == 1 else f"{plan.per_worker} cases"
    lines = [f"- No worker has more than {cap} drawn. Of a family that the list names, one case is on it."]
    if plan.eligible is not None:
        lines.append(f"- Only these cases are on the list: {language.words(plan.eligible, fields)}.")
    lines += [
        f"- {stratum.title or stratum.name}: {language.words(stratum.where, fields)}."
        for stratum in plan.strata
        if stratum.where is not None
    ]
    lines.append(
        "- The cases are gone through in the order of their numbers, which nobody can know before the seed. Each "
        "is taken, unless its group is full, its worker already has a case"
        + ("" if plan.per_worker == 1 else " too many")
        + ", or taking it would leave some group short."
    )
    return "\n".join(lines)


def _next(rule: SeedRule) -> str:
    steps = ["This page goes to the union and to the state before anything is rolled."]
    if rule.witnesses:
        steps.append(
            f"{rule.witnesses} witness line(s): each witness says some words of their own, which are written down "
            "as 'witness' and the words. This is done before the dice are rolled, never after."
        )
    if rule.dice:
        steps.append(
            f"Witnesses roll {rule.dice} ten-sided dice, one after the other, in full view. Each is read aloud and "
            "written down at once, left to right: 0 to 9, a ten as 0. A die that falls from the table is rolled "
            "again. Nobody leaves out, repeats or adds a roll."
        )
    if rule.beacon:
        steps.append(
            f"When the public source of random numbers has published round '{rule.beacon}', its value is written "
            "down; anybody can look it up."
        )
    steps += [
        "The digits are entered once. The draw follows from this page and from them alone; a second draw is refused.",
        "The paper of the draw lists each case's number. Anybody can work the numbers out again.",
    ]
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))


def _cases(count: Count, whole: Count | None = None) -> str:
    if whole and count == Count(0, whole.high) != Count(0, 0):
        return "a number of cases that is not told"
    return _many(count, "case")


def _many(count: Count, what: str) -> str:
    return f"{count} {what}" + ("" if count.low == count.high == 1 else "s")


def heading(said: str) -> str:
    """Return a heading, underlined."""
    return f"{said}\n{'-' * len(said)}"


def paper(*parts: str) -> str:
    """Join paragraphs, wrapped; a line that begins with a space is kept whole, so that it can be copied."""
    return (
        "\n\n".join("\n".join(map(_wrapped, part.split("\n"))) for part in parts).replace("-\n\n", "-\n")
        + "\n"
    )


def _wrapped(line: str) -> str:
    if line.startswith(" ") or len(line) <= _WIDTH:
        return line
    mark = line.split(" ", 1)[0]
    hang = " " * (len(mark) + 1) if mark == "-" or mark.rstrip(".").isdigit() else ""
    return fill(line, _WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
