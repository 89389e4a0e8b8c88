"""An agency's life as Hypothesis leads it: draws, answers, eliminations, corrections, publications, next rounds."""

from __future__ import annotations

import random
from collections import Counter
from typing import ClassVar

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.attacks.driver import Agency, Blocked, Refused, Review
from tests.attacks.finished import files
from tests.attacks.made_up import SHAPES, case, designs
from tests.attacks.readers import READERS
from tests.attacks.rounds import Out, assault_last, few_workers, small


class Life(RuleBasedStateMachine):
    """Everything that can happen to an agency's publications, and an attack on all that went out after each.

    `counted` gathers what a run came to, `tried` how many numbers each attack tried, `lost` what was found out.
    """

    counted: ClassVar[Counter[str]] = Counter()
    tried: ClassVar[Counter[str]] = Counter()
    lost: ClassVar[list] = []

    @initialize(
        design=designs(),
        shape=SHAPES,
        number=st.integers(8, 45),
        seed=st.integers(0, 2**20),
        some=st.booleans(),
    )
    def begin(self, design, shape, number, seed, some):
        """Begin a first review, of which some audiences may be told later."""
        self.agency = Agency()
        self.source, self.design, self.shape = random.Random(seed), design, shape
        self.out: list[Out] = []
        self.followed = 0
        self._review([self._case(n) for n in range(number)])
        if some:
            self.review.audiences = self.review.audiences[:1]
        self.publish(more=number)

    def _case(self, number):
        return case(self.source, self.design, number, self.shape)

    def _review(self, cases):
        self.review = Review(self.agency, self.design)
        self.waiting = list(cases)
        self.made = max((int(one.key[1:]) for one in cases), default=0) + 1
        self.review.draw(cases)

    @rule(number=st.sampled_from((1, 1, 2, 3, 6, 12, 20)))
    def more_cases(self, number):
        """Further cases are drawn."""
        new = [self._case(self.made + n) for n in range(number)]
        self.made += number
        self.waiting += new
        self.review.draw([*self.review.cases.values(), *new])

    @rule(number=st.sampled_from((5, 11, 12, 18, 25)))
    def late_answers(self, number):
        """So many more cases than before come back, and everything is published again."""
        self.more_cases(number)
        self.publish(more=len(self.waiting))

    @precondition(lambda self: len(self.review.audiences) < len(self.design.k) and self.review.frozen)
    @rule()
    def another_audience(self):
        """An audience that was told nothing yet is told of the answers that others were told of."""
        names = tuple(self.design.k)
        self.review.audiences = names[: len(self.review.audiences) + 1]
        self.publish(more=0, freeze=False)

    @precondition(lambda self: self.waiting)
    @rule()
    def eliminate(self):
        """A case that was not answered yet drops out, and another comes in for it."""
        gone = self.waiting.pop()
        new = self._case(self.made)
        self.made += 1
        self.waiting.append(new)
        self.review.draw([one for one in self.review.cases.values() if one.key != gone.key] + [new])

    @precondition(lambda self: self.review.answered)
    @rule(number=st.integers(1, 3))
    def correct(self, number):
        """Tools that were read before come back with other answers."""
        again = self.source.sample(
            sorted(self.review.answered.values(), key=lambda one: one.key),
            min(number, len(self.review.answered)),
        )
        self.review.answer(
            [evolve(one, codes=self._case(0).codes) for one in again if not self.design.applies]
        )

    @rule(more=st.sampled_from((0, 1, 2, 6, 12, 30)), freeze=st.booleans())
    def publish(self, more, freeze=True):
        """So many waiting answers come in, and everything is published as it stands."""
        now, self.waiting = self.waiting[:more], self.waiting[more:]
        if now:
            self.review.answer(now)
        try:
            given = self.review.publish(freeze or not self.out)
        except (Blocked, Refused) as refused:
            self.counted[f"refused ({type(refused).__name__})"] += 1
            return
        if not given:
            self.counted["nothing new"] += 1
            return
        seen = {name: READERS["json"](files(one, ("json",))["json"]) for name, one in given.items()}
        self.counted["publications"] += len(seen)
        self.counted["followed an earlier one"] += len(seen) * bool(self.out)
        self.counted["held small cells"] += len(seen) * small(self.design, self.review.frozen)
        self.out.append(Out(dict(self.review.frozen), seen))
        assert few_workers(self.design, self.out[-1]) == []
        lost, tried = assault_last(self.design, self.out, insiders=1)
        self.tried.update(tried)
        self.lost += lost
        self.found(lost)

    def found(self, lost):
        """Fail at once."""
        self.counted["lost"] += bool(lost)
        assert lost == [], lost

    @precondition(lambda self: self.out)
    @rule(
        kept=st.sampled_from((0.0, 0.5, 0.9, 1.0)),
        same=st.booleans(),
        number=st.sampled_from((0, 1, 5, 12, 25)),
    )
    def next_round(self, kept, same, number):
        """The agency reviews again: some of the same cases, with the same or other answers, and some new."""
        old = [one for one in self.review.cases.values() if self.source.random() < kept]
        if not same:
            old = [evolve(one, codes=self._case(0).codes) for one in old] if not self.design.applies else []
        made = self.made
        new = [self._case(made + n) for n in range(number)]
        if old or new:
            self._review([*old, *new])
            self.made = max(self.made, made + number)
            self.publish(more=len(old) + len(new))
