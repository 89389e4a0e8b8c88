"""The seed rule: fixed in the commitment, it says exactly what the seed will be made of.

A rule is one or more of these, in this order, joined by " and ":

    dice N                 N ten-sided dice, at least 24, written down as rolled
    beacon NAME ROUND      one round, still to come, of a public source of random numbers
    witnesses N            N lines that witnesses say before the dice are rolled

It leaves nothing open: one die more, or one line more, would let whoever writes them down try out
draws until one pleases.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from reviewcore.errors import Refused
from reviewcore.selection import casedraw

FEWEST_DICE = 24

_RULE = re.compile(
    r"(?:dice(?: (?P<dice>[0-9]{1,4}))?)?"
    r"(?:(?:^| and )beacon (?P<beacon>[A-Za-z0-9._-]+ [A-Za-z0-9.:_-]+))?"
    r"(?: and witnesses (?P<witnesses>[0-9]{1,2}))?"
)
_DICE = re.compile(r"(?:dice:? )?([0-9](?:[0-9 ]*[0-9])?)")
_BEACON = re.compile(r"beacon (\S+ \S+) ([0-9A-Fa-f]{64,})")


@frozen
class SeedRule:
    """What the seed is made of: so many dice, a beacon's name and round ("" for none), so many witness lines."""

    dice: int
    beacon: str
    witnesses: int

    def __str__(self) -> str:
        parts = [f"dice {self.dice}"] if self.dice else []
        parts += [f"beacon {self.beacon}"] if self.beacon else []
        parts += [f"witnesses {self.witnesses}"] if self.witnesses else []
        return " and ".join(parts)


def read_rule(said: str, *, again: bool = False) -> SeedRule:
    """Read a seed rule; "dice" alone means 24. Raises Refused that says what would be right.

    With `again` a seed will be made by it for every batch of replacements too, which no beacon's one round can.

    >>> str(read_rule("dice and witnesses 2"))
    'dice 24 and witnesses 2'
    """
    found = _RULE.fullmatch(" ".join(said.split()))
    if found is None or not said.strip() or said.split()[0] not in ("dice", "beacon"):
        raise Refused(
            "the seed rule is 'dice 24', 'beacon NAME ROUND' or both joined by 'and', and may end with "
            "'and witnesses N'; it must name dice or a beacon, because people's words are not random"
        )
    dice = int(found["dice"] or FEWEST_DICE) if said.split()[0] == "dice" else 0
    if said.split()[0] == "dice" and dice < FEWEST_DICE:
        raise Refused(f"the seed rule names {dice} dice; it takes at least {FEWEST_DICE}")
    if again and found["beacon"]:
        raise Refused(
            "the plan draws each batch of replacements anew, and the seed rule names a beacon, whose round is over "
            "by then: give a seed rule of dice, such as 'dice 24'"
        )
    return SeedRule(dice, found["beacon"] or "", int(found["witnesses"] or 0))


def read_lines(rule: SeedRule, lines: Sequence[str]) -> tuple[str, ...]:
    """Return the seed's lines in the form and order in which they are hashed.

    They may come in any order. Raises Refused with everything that the rule asks for and the lines do
    not give, or that they give beyond it.
    """
    dice, beacons, witnesses, wrong = [], [], [], []
    for place, line in enumerate(lines, start=1):
        try:
            line = casedraw.text(line)
        except ValueError as error:
            wrong.append(f"seed line {place}: {error}")
            continue
        if found := _DICE.fullmatch(line):
            dice.append(found[1].replace(" ", ""))
        elif found := _BEACON.fullmatch(line):
            beacons.append((found[1], found[2].lower()))
        elif line.startswith("witness ") and line[8:].strip():
            witnesses.append(f"witness {line[8:].strip()}")
        else:
            wrong.append(
                f"seed line {place}: write 'dice' and the digits as rolled, 'beacon NAME ROUND VALUE' with the "
                "value in hex, or 'witness' and the words"
            )
    matching = [value for name, value in beacons if name == rule.beacon]
    wrong += _counted("dice line", bool(rule.dice), len(dice))
    wrong += _counted(f"line 'beacon {rule.beacon} VALUE'", bool(rule.beacon), len(matching))
    wrong += _counted("line of another beacon", 0, len(beacons) - len(matching))
    wrong += _counted("witness line", rule.witnesses, len(witnesses))
    if rule.dice and len(dice) == 1 and len(dice[0]) != rule.dice:
        wrong.append(
            f"the sealed rule asks for {rule.dice} dice; {len(dice[0])} are given: write down exactly these"
        )
    if wrong:
        raise Refused("; ".join(wrong))
    return (
        *(f"dice {digits}" for digits in dice),
        *(f"beacon {name} {value}" for name, value in beacons),
        *sorted(witnesses, key=str.encode),
    )


def _counted(what: str, wanted: int, given: int) -> list[str]:
    if given == wanted:
        return []
    if not wanted:
        return [f"the sealed rule has no {what}: leave it out"]
    return [f"the sealed rule asks for {wanted:d} {what}{'s' * (wanted > 1)}; given: {given}"]
