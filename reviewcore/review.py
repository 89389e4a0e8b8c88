"""Review: what a program embeds. It opens a review, runs its stages, and tells how it stands.

Each stage is a fold over the event log and can be run again at any time: what is done is not done
twice, and what was interrupted goes on. Nothing here prints, reads the environment, or holds state
outside the object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve

from reviewcore.errors import BadInput, Blocked, Refused
from reviewcore.pace import Pace, Tell
from reviewcore.plugins import load
from reviewcore.profile.document import load as load_profile
from reviewcore.profile.read import allowed, read, type_name
from reviewcore.profile.settings import Profile
from reviewcore.reviewtype import settled

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reviewcore.aggregation.plan import AggregationPlan, Schema
    from reviewcore.aggregation.values import Tabulated
    from reviewcore.disclosure.publication import QuoteList
    from reviewcore.freetext.reading import Find
    from reviewcore.interview.plan import InterviewPlan
    from reviewcore.interview.talks import Talk
    from reviewcore.language import Field
    from reviewcore.notification.state import Answer
    from reviewcore.quoting import Quotable
    from reviewcore.report.values import Facts
    from reviewcore.sealing import Plugins
    from reviewcore.selection.casedraw import Blinding
    from reviewcore.selection.estimates import Estimate
    from reviewcore.steps import Status, Step, Verified
    from reviewcore.store.log import Event
    from reviewcore.store.opening import Place, Stores
    from reviewcore.store.records import Records, Scan
    from reviewcore.store.vault import Vault


def utc_now() -> datetime:
    """Return the time now."""
    return datetime.now(UTC)


class Review:
    """One review. Open it with `Review.open`; every method can be called again."""

    def __init__(
        self,
        folder: Path,
        profile: Profile,
        plugins: Plugins,
        keys: Path,
        clock: Callable[[], datetime],
        actor: str,
        url: str = "",
    ) -> None:
        self.folder, self.profile, self.plugins, self.keys = folder, profile, plugins, keys
        self.type = settled(plugins.review_type(), profile.settings)
        self._clock, self._actor, self._url = clock, actor, url
        self._stores: Stores | None = None
        self._lists_read: tuple[tuple[int, int], ...] | None = None
        self._sealed: tuple[tuple[int, int], ...] | None = None

    @classmethod
    def open(
        cls,
        where: str | Path,
        *,
        folder: Path | None = None,
        keys: Path | None = None,
        clock: Callable[[], datetime] = utc_now,
        actor: str = "coordinator",
        debug: bool = False,
    ) -> Review:
        """Open a review by its folder, or by a database's URL with the `folder` of its profile and papers.

        `keys` is the folder of the agency's keys; without it, `.reviewcore/keys` in the user's home.
        `debug` shows a plugin's whole traceback, and is for made-up people only. Reads the profile and
        loads its type; the stores stay closed until a stage needs them. Raises BadInput with every
        problem of the profile, Refused where the folder is none or the type is not allowed.
        """
        url = str(where) if "://" in str(where) else ""
        home = folder if url else Path(where)
        if home is None:
            raise Refused("a review in a database also has a folder for its profile and papers: say which")
        path = home / "review.toml"
        if not path.is_file():
            raise Refused(
                f"{home}: there is no review.toml here; make a review with `reviewcore new`, or name its folder"
            )
        plugins = load(type_name(path), allowed(path), debug=debug)
        kind = plugins.review_type()
        profile = read(path, kind.settings, kind.milestones, kind.sources)
        return cls(home, profile, plugins, keys or Path.home() / ".reviewcore" / "keys", clock, actor, url)

    # -- the stages -----------------------------------------------------------------------------------

    def check(self) -> Step:
        """Check the lists and every plan that can be made before the draw; write nothing.

        Says what each audience will be able to see, so that it can still be changed.
        """
        from reviewcore import checking
        from reviewcore.steps import Step

        looked = self._reading()
        if looked and looked.records.log.last("review.closed"):
            return Step("check", ("the review is closed: its lists are gone, and nothing is left to check",))
        return checking.check(
            self.folder, self.profile, self.type, self.plugins, self._measures, self._schema
        )

    def select(self, seed: Sequence[str] = ()) -> Step:
        """Read the lists, seal them with the plan, and with the seed's lines draw.

        Without `seed` it stops at the commitment, which is handed over before the seed is rolled. With it
        nothing is sealed, neither for the first time nor anew: a list that is sealed when the seed is known
        could have been made to fit it. Raises Blocked for a seed that comes before the commitment.
        """
        from reviewcore import steps
        from reviewcore.aggregation import stage as aggregation
        from reviewcore.selection import stage as selection

        too_soon = Blocked(
            "the list is not sealed yet, and a seed that is known before could have shaped it: run "
            "`reviewcore select`, hand over its commitment, and only then roll new dice (nothing was drawn)"
        )
        if seed and not self._place().begun():
            raise too_soon
        with self._writing() as stores:
            if not seed:
                self._commit(stores)
            elif not stores.records.log.last(selection.COMMITTED):
                raise too_soon
            self._vault(stores)
            aggregation.plan(stores.records, self.profile, self._measures, self._schema)
            if seed:
                selection.draw(stores.records, seed)
            return steps.selection(stores.records)

    def eliminate(self, case_id: str, reason: str) -> Step:
        """Ask that a drawn case be eliminated; it is, and another comes in, once somebody else countersigns.

        `reason` is one of `selection.replacing.REASONS`. Raises Refused for a case that does not stand.
        """
        from reviewcore.selection.eliminating import ask

        return self._on_case(case_id, lambda stores, case: ask(stores.records, case, reason))

    def countersign(self, case_id: str) -> Step:
        """Countersign an elimination as another actor than the one who asked; the next case comes in.

        Raises Blocked for the actor who asked.
        """
        from reviewcore.selection.eliminating import countersign

        return self._on_case(case_id, lambda stores, case: countersign(stores.records, case))

    def open_lines(self, case_id: str = "") -> Step:
        """Write the papers that say who stands behind the sealed lines: one case's, or all for the auditor."""
        from reviewcore import steps
        from reviewcore.register.stage import in_clear
        from reviewcore.selection import opening

        self._begun()
        with self._writing() as stores:
            key, listed = self._blinding(stores).key, in_clear(self._vault(stores))
            if case_id:
                look = opening.open_one(stores.records, key, listed, case_id)
            else:
                look = opening.open_all(stores.records, key, listed)
            return evolve(steps.selection(stores.records), look=look)

    def notify(self, *, approve: bool = False, remind: bool = False) -> Step:
        """Write every letter that can be written now; with `approve`, hand over those that were looked at.

        With `remind`, also write to those who have not answered, where the plan has a reminder due.
        """
        from reviewcore import steps
        from reviewcore.notification import stage as notification

        with self._writing() as stores:
            vault, counts = self._register(stores), None
            if approve:
                notification.approve(stores.records)
            else:
                dates = notification.milestones(self.profile, self.type)
                roles = notification.roles(vault.all("person"), self.profile.audiences.k("public"))
                plan = self.plugins.notification(roles, dates, self.profile.settings)
                at = self._clock()
                counts = notification.draft(
                    stores.records, vault, self.profile, plan, dates, at, remind=remind
                )
            return steps.notification(stores.records, counts)

    def send(self, *, dry_run: bool = False, tell: Callable[[int, int], None] | None = None) -> Step:
        """Send the approved letters that are due, each at most once; with `dry_run`, say which these are.

        `tell` is told how many are done, of how many. Raises BadInput where the server cannot be used as
        the profile sets it, with nothing sent; Refused where it failed on the way.
        """
        from reviewcore import steps
        from reviewcore.notification import dispatch
        from reviewcore.notification.stage import state
        from reviewcore.notification.transport import Unusable
        from reviewcore.ports import transport

        if self.profile.sending.by_hand:
            raise Refused(
                "the profile names no mail server: fill in [sending] in review.toml, or send the letters in "
                "papers/letters/to-send by hand (nothing was sent)"
            )
        offered, at, looked = transport(self.profile), self._clock(), self._reading()
        if dry_run and looked:
            now = state(looked.records.log)
            return steps.to_send(now, dispatch.outbox(self.folder, self.profile, now, at))
        if looked is None:
            return steps.nothing_yet()
        with self._writing() as stores:
            self._vault(stores)
            try:
                dispatch.send(stores.records, self.profile, offered, at, tell)
            except Unusable as error:
                what = f"{error.what} (nothing was sent)"
                where = load_profile(self.folder / "review.toml")
                raise BadInput([where.problem(("sending", error.setting), what)]) from None
            now = state(stores.records.log)
            return steps.sent(stores.records, dispatch.outbox(self.folder, self.profile, now, at))

    def settle(self, letters: Sequence[str], *, sent: bool) -> Step:
        """Record by hand which letters were sent, or were not and are to be sent again: all of them or none."""
        from reviewcore import steps
        from reviewcore.notification import dispatch

        with self._writing() as stores:
            self._vault(stores)
            dispatch.settle(stores.records, letters, sent=sent)
            return steps.notification(stores.records)

    def reply(self, letter: str, answer: Answer, *, supervisor: bool = False) -> Step:
        """Record one reply: "yes", "no" or "receipt"; `supervisor` is the worker's request that theirs sits in."""
        from reviewcore import steps
        from reviewcore.notification import stage as notification

        with self._writing() as stores:
            notification.reply(stores.records, letter, answer, supervisor)
            return steps.notification(stores.records)

    def replies(self, path: Path) -> Step:
        """Record the replies of a CSV file, or of calendars' and mail programs' files (.ics, .eml, .mbox).

        `path` may be a folder of them. Of a file, or a message, with a mistake nothing is recorded; all
        others are, and then BadInput is raised with every mistake.
        """
        from reviewcore import steps
        from reviewcore.notification import incoming

        with self._writing() as stores:
            wrong = incoming.take_in(path, stores.records, self._vault(stores))
            if wrong:
                raise BadInput(wrong)
            return steps.notification(stores.records)

    def concern(self, words: str) -> Step:
        """Seal a concern for somebody's safety and send it to the named person at once (ALL-2).

        It goes outside all results; its words stand in the vault and in that message alone. Raises Refused,
        with whom to call, where it could not be sent; it is sealed all the same.
        """
        from reviewcore import steps
        from reviewcore.notification import concern
        from reviewcore.ports import transport

        with self._writing() as stores:
            vault = self._vault(stores)
            name = concern.seal(stores.records, vault, words)
            if not self.profile.sending.by_hand:
                offered = transport(self.profile)
                concern.send(stores.records, vault, self.profile, offered, name, self._clock())
            return steps.safety(stores.records, concern.call(self.profile))

    def concern_told(self, name: str) -> Step:
        """Record that the named person was told of a concern by word of mouth."""
        from reviewcore import steps
        from reviewcore.notification import concern

        with self._writing() as stores:
            concern.settle(stores.records, name)
            return steps.safety(stores.records, concern.call(self.profile))

    def concern_words(self, name: str) -> str:
        """Return the words of a concern, for whoever must pass them on."""
        from reviewcore.notification import concern

        stores = self._reading()
        if stores is None:
            raise Refused("no concern was raised in this review")
        return concern.read(self._vault(stores), stores.records.log, name)

    def interview(self) -> Step:
        """Form teams, plan the sessions, write a workbook for each, and take in what has come back.

        Raises BadInput for workbooks with mistakes; they stay where they are, and the others are taken in.
        """
        from reviewcore import steps
        from reviewcore.interview import stage as interview

        with self._writing() as stores:
            if not stores.records.log.last("selection.everyone"):
                why = "the interviews are planned after the draw; give the seed first"
                self._need(stores, "selection.drawn", why)
            vault = self._register(stores)
            if missing := self._key_people_missing(stores):
                return steps.Step("interview", waits=(missing,))
            plan, fields = self._interviews, self._fields.values()
            county = self.profile.agency.county
            interview.schedule(stores.records, vault, self.profile, plan, host_county=county, fields=fields)
            public = self._place().public_names
            collected = interview.collect(stores.records, vault, plan, fields=fields, public=public)
            if collected.problems:
                raise BadInput(collected.problems)
            return steps.interview(stores.records)

    def code(
        self, *, merge: str = "", into: str = "", undo: bool = False, export: Path | None = None
    ) -> Step:
        """Write a coding sheet for each coder, and take in those that came back, with their agreement.

        With `merge` and `into`, put one code into another of its list; with `undo`, take the last merging back;
        with `export`, write the codebook to a .qdc or .csv file. Raises BadInput for sheets with mistakes; they
        stay where they are, and the others are taken in.
        """
        from reviewcore import steps
        from reviewcore.coding import stage as coding
        from reviewcore.coding.export import export as exported
        from reviewcore.coding.values import coded
        from reviewcore.store.files import write_whole

        with self._writing() as stores:
            vault = self._vault(stores)
            why = "there are no notes yet; run `reviewcore interview` first"
            self._need(stores, "interview.answered", why)
            plan, interviews = self._measures, self._interviews
            book = coding.codes(plan, interviews)
            if export:
                write_whole(export, exported(export.name, book, coded(stores.records.log)))
            elif merge:
                coding.merge(stores.records, plan, interviews, merge, into)
            elif undo:
                coding.undo(stores.records)
            else:
                coders, title = self.profile.themes.coders, self.profile.title
                coding.code(stores.records, vault, plan, interviews, coders, title)
            return steps.coding(stores.records, book, self.profile.themes.coders)

    def quotes(self) -> tuple[Quotable, ...]:
        """Return every sentence that could be quoted where the plan asks for quotes, and why others must not be."""
        from reviewcore import quoting

        stores = self._reading()
        if stores is None:
            raise Refused("there are no notes yet")
        vault = self._vault(stores)
        return quoting.quotables(stores.records.log, vault, self._measures, self._find(vault))

    def quote(self, name: str, *, approve: bool) -> Step:
        """Approve a sentence to be quoted, or take the approval back; whoever acts is on record.

        Raises Blocked for a sentence that names somebody or holds a figure, Refused where nobody says who acts.
        """
        from reviewcore import quoting
        from reviewcore.steps import Step

        with self._writing() as stores:
            vault = self._vault(stores)
            if approve:
                quoting.approve(stores.records, vault, self._measures, self._find(vault), name)
            else:
                quoting.withdraw(stores.records, name)
            return Step("quote", (f"{name}: {'approved' if approve else 'not approved any more'}",))

    def _find(self, vault: Vault) -> Find:
        return vault.reader(self._place().public_names)

    def aggregate(self, *, tell: Tell | None = None) -> Step:
        """Close the list of answers as it stands, and protect the tables for every audience.

        `tell` is told how far it is. Raises Refused where it takes longer than the profile allows.
        """
        from reviewcore import steps
        from reviewcore.aggregation import stage as aggregation
        from reviewcore.disclosure import stage as disclosure

        with self._writing() as stores:
            measures, schema = self._measures, self._schema
            if not measures.tallies:
                why = "there are no answers yet; run `reviewcore interview` first"
                self._need(stores, "interview.answered", why)
            aggregation.freeze(stores.records, self.profile, measures, self._interviews)
            inner = aggregation.inner_cells(stores.records, measures, self._interviews)
            inner = self._weighed(stores, self._workers_by_ledger(stores, inner))
            disclosure.protect_and_publish(
                stores.records, stores.ledger, self.profile, measures, schema, inner, self._strata(stores),
                aggregation.tallies(stores.records, measures, schema), self._approved(stores, inner.attendees),
                keep=partial(self._vault(stores).put, disclosure.INSIDERS),
                pace=Pace.of(tell, self.profile.tables.minutes),
            )  # fmt: skip
            return steps.aggregation(stores.records)

    def _weighed(self, stores: Stores, inner: Tabulated) -> Tabulated:
        """Add for how many cases of the list each case stands, where shares are to be told weighted."""
        from reviewcore.aggregation.values import Weights
        from reviewcore.selection.estimates import chances_of, weigh

        committed = stores.records.log.last("selection.committed")
        if not self.profile.tables.weighted or committed is None or not committed.body:
            return inner
        by_case = weigh(chances_of(committed.body))
        of = {row["member"]: by_case[row["case"]] for row in committed.body["rows"] if row["case"] in by_case}
        return evolve(inner, weights=Weights(of, tuple(sorted(set(by_case.values())))))

    def _workers_by_ledger(self, stores: Stores, inner: Tabulated) -> Tabulated:
        """Name workers as the agency's ledger does, so that what they know is put together across reviews."""
        people = self._vault(stores).all("person")
        names = {one["pseudonym"]: stores.ledger.member(f"worker\n{one['person_id']}") for one in people}
        return evolve(
            inner,
            population=tuple(
                evolve(one, worker=names.get(one.worker, one.worker)) for one in inner.population
            ),
        )

    def report(self, *, tell: Tell | None = None) -> Step:
        """Write every document of every publication, scan it for identities, and only then put it in place.

        `tell` is told how far it is.
        """
        from reviewcore import steps
        from reviewcore.disclosure.codec import from_json
        from reviewcore.disclosure.linked.certificate import written
        from reviewcore.report import stage as report

        if missing := report.missing(self.profile.formats):
            raise BadInput(missing)
        with self._writing() as stores:
            self._need(
                stores, "aggregation.tabulated", "there are no tables yet; run `reviewcore aggregate` first"
            )
            for event in stores.records.log.events("aggregation.tabulated"):
                if event.body is None:
                    continue
                facts, publication = self._facts(event), from_json(event.body["publication"])
                plan = self.plugins.report(publication, self.profile.settings)
                proof = event.body.get("certificate")
                report.publish(
                    stores.records,
                    facts,
                    plan,
                    publication,
                    self.profile.formats,
                    proof and written(proof),
                    tell,
                )
            return steps.report(stores.records)

    def run(self, seed: Sequence[str] = (), *, tell: Tell | None = None) -> tuple[Step, ...]:
        """Do everything that can be done now, and say what the review waits for; `tell` is told how far it is."""
        selected = self.select(seed)
        if selected.waits:
            return selected, self.notify()
        interviews = self.interview()
        letters = self.notify()
        if interviews.waits and not self._measures.tallies:  # counts from extracts need no answers
            return selected, interviews, letters
        return selected, interviews, letters, self.aggregate(tell=tell), self.report(tell=tell)

    # -- looking and ending ---------------------------------------------------------------------------

    def status(self) -> Status:
        """Return how the review stands. Nothing is written, not even where nothing has begun."""
        from reviewcore import steps
        from reviewcore.promises import promises
        from reviewcore.steps import Status

        calendar = self.profile.calendar
        begins, ends = calendar.event_start.isoformat(), calendar.event_end.isoformat()
        event = (
            (("event week begins", begins), ("event week ends", ends))
            if ends > begins
            else (("the event", ends),)
        )
        due = (*event, ("the report is due", calendar.report_due().isoformat()))
        trusted = self.profile.trusted
        stores = self._reading()
        if stores is None:
            return Status(self.profile.title, self.type.title, (steps.nothing_yet(),), due, (), trusted)
        stages = steps.all_stages(stores.records)
        if stores.records.log.last("safety.raised"):
            from reviewcore.notification.concern import call

            stages = (steps.safety(stores.records, call(self.profile)), *stages)
        today, audiences = self._day(self._clock()), self.profile.audiences.published()
        kept = promises(stores.records.log, calendar.report_due(), audiences, today, self._zone)
        return Status(self.profile.title, self.type.title, stages, due, kept, trusted)

    def verify(self) -> Verified:
        """Check the log's chain, work the draw out again, compare the documents, and look at the promises."""
        from reviewcore.disclosure.stage import INSIDERS
        from reviewcore.steps import Verified
        from reviewcore.verifying import verify

        stores = self._reading()
        if stores is None:
            raise Refused(
                f"{self.folder}: nothing has been done in this review yet, so there is nothing to verify"
            )
        calendar, audiences = self.profile.calendar, self.profile.audiences.published()
        today = self._day(self._clock())
        sealed = partial(stores.vault.get, INSIDERS) if stores.vault else None
        checked, wrong = verify(stores.records, calendar.report_due(), audiences, today, self._zone, sealed)
        return Verified(checked, wrong)

    def estimates(self) -> dict[str, dict[str, Estimate]]:
        """Return each measure's shares, weighted by the chance of every case, beside the plain ones.

        By measure and then by category: acceptable or not where the scale says what is, else each code. They
        are of the answers that the tables count, for whoever holds the review's key. They are protected by nothing
        and written nowhere; docs/promises.md says why none is published. Raises Refused before the answers
        are frozen, and where everybody was invited and so nobody drawn.
        """
        from reviewcore.aggregation.stage import inner_cells
        from reviewcore.aggregation.values import codings, find
        from reviewcore.selection.estimates import chances_of, hajek

        stores = self._reading()
        committed = stores.records.log.last("selection.committed") if stores else None
        if stores is None or committed is None or not committed.body:
            raise Refused(
                "no list of cases is sealed, and without a draw no case has a chance to weigh it by"
            )
        inner = inner_cells(stores.records, self._measures, self._interviews)
        by_case = chances_of(committed.body)
        chance = {row["member"]: by_case[row["case"]] for row in committed.body["rows"]}
        found: dict[str, dict[str, Estimate]] = {}
        for one in self._measures.measures:
            coded = codings(*find(self._schema.instruments, one.instrument, one.item))
            rated = inner.ratings[one.key]
            found[one.key] = {
                category.key: hajek(
                    (code in category.codes, chance[member]) for member, code in rated.items()
                )
                for category in coded.get("acceptable", coded["codes"])
            }
        return found

    def publication_said(self, audience: str, number: str) -> tuple[Mapping[str, Any], Scan | None]:
        """Return what a publication says by this review's record, as its file of data, and what looks for names.

        There is nothing that looks for names once the review is closed. Raises Refused where there is no such
        publication, or where the review's key is not at hand.
        """
        import json

        from reviewcore.disclosure.codec import from_json
        from reviewcore.report.stage import data_file

        stores = self._reading()
        for event in stores.records.log.events("aggregation.tabulated") if stores else ():
            body = event.body or {}
            if stores and (body.get("audience"), str(body.get("number"))) == (audience, number):
                publication = from_json(body["publication"])
                plan = self.plugins.report(publication, self.profile.settings)
                find = stores.vault.scanner(self._place().public_names) if stores.vault else None
                return json.loads(data_file(self._facts(event), plan, publication)), find
        raise Refused(f"this review has no publication {number} for the {audience}")

    def close(self, *, dry_run: bool = False) -> Step:
        """Delete what names people: papers, returned workbooks, lists, and the key that opens the vault.

        Refuses before the report is out, since nothing could be published afterwards.
        """
        from reviewcore.closing import close, would_close
        from reviewcore.notification import concern
        from reviewcore.steps import Step

        stores = self._reading()
        if stores is None:
            return Step("close", ("nothing has been stored yet",))
        if not stores.records.log.last("report.published"):
            raise Blocked("the report is not out yet, and without the identities it could never be made")
        if waiting := concern.state(stores.records.log).open():
            raise Blocked(
                f"{', '.join(waiting)}: the named person has not been told, and the words would be gone. "
                f"{concern.call(self.profile)}"
            )
        if dry_run:
            return Step("close", would_close(stores.records, self._lists_of_persons()))
        with self._writing() as stores:
            place = self._place()
            lists = self._lists_of_persons()
            return Step("close", close(stores.records, place.keys, place.agency, place.review, lists))

    def _lists_of_persons(self) -> tuple[Path, ...]:
        """Return the lists in the folder that name persons: all that the profile names but extracts of counts."""
        counts = {source.name for source in self.type.sources if source.kind == "extract"}
        files = [self.folder / one.file for name, one in self.profile.lists.items() if name not in counts]
        return tuple(path for path in dict.fromkeys(files) if path.is_file() and path.parent == self.folder)

    @property
    def records(self) -> Records:
        """The review's log and folder, to read; opened, and begun where nothing was stored yet."""
        return self._open().records

    def talks(self) -> Mapping[str, tuple[Talk, ...]]:
        """Return by session the interviews with key people that are planned: roles, times, consent; no names."""
        from reviewcore.interview.stage import talks

        stores = self._open()
        return talks(stores.records, self._vault(stores))

    def drawn_cases(self) -> tuple[str, ...]:
        """Return the ids of the cases that were drawn, in order; none before the draw."""
        from reviewcore.selection.values import standing

        log = self.records.log
        drawn = log.last("selection.drawn")
        replaced = [event.body for event in log.events("selection.replaced") if event.body]
        selected = {one["case"] for one in standing(drawn.body, replaced)} if drawn and drawn.body else set()
        return tuple(
            sorted(
                one["case_id"]
                for one in self._vault(self._open()).all("case")
                if one["pseudonym"] in selected
            )
        )

    # -- what the stages are given --------------------------------------------------------------------

    def _place(self) -> Place:
        from reviewcore.store.keys import KeyFolder
        from reviewcore.store.opening import Place

        agency = self.profile.agency
        ledger = (self.folder / self.profile.store.ledger).resolve()
        public = (agency.name, agency.signed_by, *agency.public_names)
        return Place(self.folder, agency.id, self.profile.id, KeyFolder(self.keys), ledger, public, self._url)

    @contextmanager
    def _writing(self) -> Iterator[Stores]:
        from reviewcore import checking
        from reviewcore.store.lock import writing

        if not self._place().begun():  # so that bad input leaves no store and no key behind
            checking.check_draw(self.folder, self.profile, self.type, self.plugins)
        with writing(self.folder):
            stores = self._open()
            known = len(stores.records.log.events())
            stores.records.log.refresh()
            if stores.vault and len(stores.records.log.events()) != known:
                stores.vault.forget()
            yield stores

    def _reading(self) -> Stores | None:
        return self._open() if self._place().begun() else None

    def _open(self) -> Stores:
        from reviewcore.store.opening import open_stores

        if self._stores is None:
            self._stores = open_stores(self._place(), self._clock, self._actor)
        return self._stores

    def _blinding(self, stores: Stores) -> Blinding:
        from reviewcore.selection.casedraw import Blinding

        return Blinding(stores.records.key.derive("casedraw/1 blinding"))

    def _begun(self) -> None:
        if not self._place().begun():
            raise Refused("nothing is sealed yet: run `reviewcore select` first (nothing was written)")

    def _on_case(self, case_id: str, act: Callable[[Stores, str], None]) -> Step:
        from reviewcore import steps

        self._begun()
        with self._writing() as stores:
            self._vault(stores)
            try:
                case = self._blinding(stores).case(case_id)
            except ValueError as error:
                raise Refused(f"the case's id: {error}") from None
            act(stores, case)
            return steps.selection(stores.records)

    def _vault(self, stores: Stores) -> Vault:
        if stores.vault is None:
            raise Refused("the review is closed: its identities are gone, and nothing more can be done in it")
        return stores.vault

    def _register(self, stores: Stores) -> Vault:
        from reviewcore.register.key_people import register_key_people
        from reviewcore.register.stage import register

        vault = self._vault(stores)
        lists = self.profile.lists.values()
        found = [path.stat() for one in lists if (path := self.folder / one.file).exists()]
        drawn = stores.records.log.last("selection.drawn")  # key people are known from then on
        stamp = (*((one.st_mtime_ns, one.st_size) for one in found), (drawn.seq if drawn else 0, 0))
        if stamp != self._lists_read:  # a list that was corrected meanwhile is read again
            blinding = self._blinding(stores)
            register(stores.records, vault, blinding, self.folder, self.profile, self.type)
            register_key_people(stores.records, vault, blinding, self.folder, self.profile, self.type)
            self._lists_read = stamp
        return vault

    def _key_people_missing(self, stores: Stores) -> str:
        """Say what to do where the drawn cases' key people are not listed yet; "" where nothing is missing."""
        source, drawn = self.type.key_people(), stores.records.log.last("selection.drawn")
        if source is None or drawn is None or drawn.body is None:
            return ""
        if stores.records.log.last("register.key_people"):
            return ""
        from reviewcore.register.key_people_form import form

        listing, selected = self.profile.lists[source.name], self.drawn_cases()
        made = form(source, selected, datetime.fromisoformat(drawn.at))
        paper = stores.records.write_paper(f"key-people/{Path(listing.file).stem}.xlsx", made)
        return (
            f"the key people of the {len(selected)} cases that were drawn: fill in {paper['path']}, a row for each "
            f"person, save it beside review.toml as {listing.file}, then `reviewcore run`"
        )

    def _commit(self, stores: Stores) -> None:
        from reviewcore.register.stage import frame
        from reviewcore.selection import stage as selection
        from reviewcore.selection.frame import frame_for_plugins
        from reviewcore.selection.plan import Everyone

        blinding = self._blinding(stores)
        vault = self._register(stores)
        if self._sealed == self._lists_read:  # the very lists that this object has sealed already
            return
        rows = frame(vault, stores.ledger.member, blinding, self.type)
        k = self.profile.audiences.k("public")
        plan = self.plugins.selection(frame_for_plugins(rows, self.type.cases(), k), self.profile.settings)
        people = [(person["pseudonym"], person["roles"]) for person in vault.all("person")]
        if isinstance(plan, Everyone):
            selection.invite(stores.records, plan, people)
            return
        if self.profile.replacements == "new dice":
            plan = evolve(plan, fresh_alternates=True)
        selection.commit(
            stores.records,
            blinding.key,
            rows,
            plan,
            self._fields,
            self.profile.seed_rule,
            self._clock(),
            k=k,
            people=people,
        )
        self._sealed = self._lists_read

    def _strata(self, stores: Stores) -> Mapping[str, str]:
        committed = stores.records.log.last("selection.committed")
        strata = committed.body["plan"]["strata"] if committed and committed.body else ()
        return {one["name"]: one.get("title") or one["name"] for one in strata}

    @cached_property
    def _interviews(self) -> InterviewPlan:
        return self.plugins.interview(self.profile.settings)

    @cached_property
    def _measures(self) -> AggregationPlan:
        return self.plugins.aggregation(self._schema, self.profile.settings)

    @cached_property
    def _schema(self) -> Schema:
        from reviewcore.aggregation.plan import Schema

        instruments = self._interviews.instruments
        return Schema(tuple(self._fields.values()), instruments, self.type.of_kind("extract"))

    @cached_property
    def _fields(self) -> Mapping[str, Field]:
        return {one.name: one for one in self.type.cases().fields}

    def _need(self, stores: Stores, kind: str, why: str) -> None:
        if not stores.records.log.last(kind):
            raise Refused(why)

    def _approved(
        self, stores: Stores, heard: Mapping[str, frozenset[str]]
    ) -> Callable[[int], tuple[QuoteList, ...]]:
        if not self._measures.quotes:
            return lambda _: ()
        from reviewcore import quoting

        vault = self._vault(stores)
        return quoting.approved(stores.records.log, vault, self._measures, self._find(vault), heard)

    def _facts(self, event: Event) -> Facts:
        """Return what the documents of a publication say of themselves.

        They are dated by the record, so that a run that was cut short ends in the same bytes on any day.
        """
        from reviewcore.report.values import Facts

        day = self._day(datetime.fromisoformat(event.at))
        return Facts(self.profile.agency.name, self.profile.title, day)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    @cached_property
    def _zone(self) -> ZoneInfo:
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.profile.calendar.time_zone)
