"""`casedraw/1` against docs/casedraw.md, by a second implementation that knows the page and hashlib only."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shutil
import subprocess
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewcore.selection import casedraw, handouts, replacing, sealed, verify
from reviewcore.selection.casedraw import Blinding, jcs, leaf, purpose_key, root, text, ticket
from reviewcore.selection.draw import Entry, draw

DOC = (Path(__file__).parents[2] / "docs" / "casedraw.md").read_text(encoding="utf-8")
VECTORS = json.loads(re.search(r"```json\n(.*?)```", DOC, re.DOTALL)[1])
KEY = bytes.fromhex(VECTORS["key"])
BLIND = Blinding(KEY)
HEX = "ab" * 32

written = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")))
ids = written.filter(lambda said: unicodedata.normalize("NFC", said).strip())


# -- the second implementation: read off the page, sharing nothing with the first ------------------------


def sha(*parts: str | bytes) -> str:
    """SHA-256 in hex of the parts, joined."""
    joined = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    return hashlib.sha256(joined).hexdigest()


def mac(*parts: str) -> str:
    """HMAC-SHA-256 in hex of the parts, joined, under the vectors' key."""
    return hmac.new(KEY, "".join(parts).encode(), hashlib.sha256).hexdigest()


def pseudonym(kind: str, name: str) -> str:
    """Section 3 of the page."""
    return sha(f"casedraw/1/{kind}\n", mac(kind, "\n", name), "\n", name)


def tree(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, by its own recursion."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + tree(leaves[:split]) + tree(leaves[split:])).digest()


def plain(value: object) -> str:
    """JSON with sorted keys: for keys of ASCII that is RFC 8785."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_the_vectors_follow_from_the_page_alone():
    """Else a second implementation written from the page comes to other cases than ours."""
    for case in VECTORS["cases"]:
        assert case["case_salt"] == mac("case\n", case["case_id"])
        assert case["C"] == pseudonym("case", case["case_id"])
        assert case["P"] == pseudonym("worker", case["worker_id"])
        assert case["U"] == (pseudonym("unit", case["unit"]) if case["unit"] else "")
        said = "\n".join((case["C"], case["P"], case["U"], case["stratum"]))
        assert case["leaf"] == sha(b"\x00", "casedraw/1/leaf\n", said)
    assert all(mac("worker\n", name) == salt for name, salt in VECTORS["worker_salt"].items())
    assert all(mac("unit\n", name) == salt for name, salt in VECTORS["unit_salt"].items())
    assert VECTORS["root"] == tree(sorted(bytes.fromhex(case["leaf"]) for case in VECTORS["cases"])).hex()
    fields = VECTORS["commitment_fields"]
    assert fields["plan_hash"] == sha("casedraw/1/plan\n", plain(VECTORS["plan"]))
    assert fields["key_commitment"] == sha("casedraw/1/key\n", VECTORS["key"])
    assert VECTORS["sizes_salt"] == mac("sizes\n", VECTORS["root"])
    assert fields["sizes"] == sha("casedraw/1/sizes\n", VECTORS["sizes_salt"], "\n", plain(VECTORS["sizes"]))
    assert VECTORS["commitment"] == sha("casedraw/1/commit\n", plain(fields))
    lines = "\n".join(VECTORS["seed_lines"])
    assert VECTORS["seed"] == sha("casedraw/1/seed\n", VECTORS["commitment"], "\n", lines)
    for purpose, key in VECTORS["purpose_keys"].items():
        assert key == sha(f"casedraw/1/{purpose}\n", VECTORS["seed"])
    tickets = [
        (sha(VECTORS["purpose_keys"]["ticket"], case["leaf"]), case["leaf"]) for case in VECTORS["cases"]
    ]
    assert [[leaf, number] for number, leaf in sorted(tickets)] == [
        one[:2] for one in VECTORS["dispositions"]
    ]
    taken = [leaf for leaf, _, why in VECTORS["dispositions"] if why == "taken"]
    said = "\n".join((VECTORS["commitment"], VECTORS["seed"], *taken))
    assert VECTORS["result"] == sha("casedraw/1/result\n", said)
    assert VECTORS["preview_key"] == sha("casedraw/1/pi\n", fields["plan_hash"], VECTORS["root"])
    at = bytes.fromhex(VECTORS["cases"][0]["leaf"])
    for side, half in VECTORS["path"]:
        pair = (bytes.fromhex(half), at) if side == "left" else (at, bytes.fromhex(half))
        at = hashlib.sha256(b"\x01" + pair[0] + pair[1]).digest()
    assert at.hex() == VECTORS["root"]
    paper = dict(VECTORS["replacement"])
    assert paper.pop("sum") == sha("casedraw/1/paper\n", plain(paper))
    assert paper.pop("link") == sha("casedraw/1/replacement\n", plain(paper))
    assert paper["before"] == VECTORS["result"]
    eliminated = plain([[taken[0], "declined"]])
    assert VECTORS["batch"] == sha("casedraw/1/batch\n", VECTORS["result"], "\n", eliminated)
    case = VECTORS["cases"][0]
    opened = {
        "paper": "casedraw/1 opening", "commitment": VECTORS["commitment"], "case": case["case_id"],
        "case_salt": case["case_salt"], "worker": case["worker_id"], "worker_salt": VECTORS["worker_salt"]["W1"],
        "unit": case["unit"], "unit_salt": VECTORS["unit_salt"]["North"], "stratum": case["stratum"],
        "path": VECTORS["path"],
    }  # fmt: skip
    assert VECTORS["opening_sum"] == sha("casedraw/1/paper\n", plain(opened))


def test_the_vectors_follow_from_our_implementation():
    """Else the page describes another draw than the one that is made."""
    for given_text, hashed in VECTORS["text"]:
        assert text(given_text) == hashed
    value, said = VECTORS["jcs"]
    assert jcs(value) == said
    for case in VECTORS["cases"]:
        assert BLIND.salt("case", case["case_id"]) == case["case_salt"]
        assert (BLIND.case(case["case_id"]), BLIND.worker(case["worker_id"])) == (case["C"], case["P"])
        assert (BLIND.unit(case["unit"]) if case["unit"] else "") == case["U"]
        assert leaf(case["C"], case["P"], case["U"], case["stratum"]) == case["leaf"]
    assert root(case["leaf"] for case in VECTORS["cases"]) == VECTORS["root"]
    fields = VECTORS["commitment_fields"]
    assert casedraw.plan_hash(VECTORS["plan"]) == fields["plan_hash"]
    assert BLIND.commitment() == fields["key_commitment"]
    assert BLIND.salt("sizes", VECTORS["root"]) == VECTORS["sizes_salt"]
    assert casedraw.sizes(VECTORS["sizes_salt"], VECTORS["sizes"]) == fields["sizes"]
    assert casedraw.commitment(fields) == VECTORS["commitment"]
    assert casedraw.seed(VECTORS["commitment"], VECTORS["seed_lines"]) == VECTORS["seed"]
    for purpose, key in VECTORS["purpose_keys"].items():
        assert purpose_key(VECTORS["seed"], purpose) == key
    entries = [Entry(case["leaf"], case["P"], case["stratum"]) for case in VECTORS["cases"]]
    quotas = {stratum["name"]: stratum["quota"] for stratum in VECTORS["plan"]["strata"]}
    drawn = draw(entries, quotas, VECTORS["plan"]["per_worker"], VECTORS["purpose_keys"]["ticket"])
    assert [[one.leaf, one.ticket, one.why] for one in drawn.dispositions] == VECTORS["dispositions"]
    assert casedraw.result(VECTORS["commitment"], VECTORS["seed"], drawn.taken()) == VECTORS["result"]
    assert {leaf: list(strata) for leaf, strata in drawn.tight.items()} == VECTORS["tight"]
    papers = vector_papers()
    assert json.loads(papers["opening.json"])["sum"] == VECTORS["opening_sum"]
    assert json.loads(papers["opening.json"])["path"] == VECTORS["path"]
    assert json.loads(papers["replacement-001.json"]) == VECTORS["replacement"]
    assert verify.check(papers)[1] == []


def vector_papers() -> dict[str, bytes]:
    """The papers of the vectors' draw, as they are handed over."""
    rows = [
        {"case": one["C"], "worker": one["P"], "unit": one["U"], "stratum": one["stratum"]}
        for one in VECTORS["cases"]
    ]
    committed = {**VECTORS["sizes"], **VECTORS["commitment_fields"], "plan": VECTORS["plan"], "rows": rows}
    committed |= {name: VECTORS[name] for name in ("commitment", "sizes_salt")}
    drawn = sealed.drawn_from(committed, VECTORS["seed_lines"])
    gone = sealed.leaf(drawn["selected"][0])
    case = VECTORS["cases"][0]
    opened = handouts.opening(committed, BLIND, case["case_id"], case["worker_id"], case["unit"])
    entry = replacing.replace(committed, drawn, [], [(gone, "declined")])["entry"]
    return {
        "commitment.json": handouts.commitment(committed),
        "draw.json": handouts.draw(committed, drawn),
        "ledger.json": handouts.ledger(committed),
        "opening.json": opened or b"",
        "replacement-001.json": handouts.replacement(committed, entry),
    }


COMMANDS = re.findall(r"```sh\n(.*?)```", DOC, re.DOTALL)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="this machine has no sha256sum")
def test_the_check_by_hand_gives_what_the_papers_say(tmp_path):
    """Else somebody who types the page's commands is told other digests than those they hold."""
    for name, data in vector_papers().items():
        (tmp_path / name).write_bytes(data)
    script = "set -eu\n" + "\n".join(COMMANDS)
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    first = next(leaf for leaf, _, why in VECTORS["dispositions"] if why == "taken")
    number = next(number for leaf, number, _ in VECTORS["dispositions"] if leaf == first)
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        VECTORS["commitment"],
        VECTORS["seed"],
        VECTORS["purpose_keys"]["ticket"],
        number,
        VECTORS["cases"][0]["C"],
    ]


def test_the_page_names_every_paper_with_its_fields():
    """Else a second implementation written from the page does not know what a paper holds."""
    page = DOC.split("## 11. Papers")[1].split("## 12.")[0]
    rows = {
        cells[0].strip("` "): cells[2]
        for line in page.splitlines()
        if line.startswith("| `") and len(cells := line.strip("|").split(" | ")) == 3
    }
    assert set(rows) == set(verify.SHAPES)
    for kind, shape in verify.SHAPES.items():
        assert {name for name in shape if f"`{name}`" in rows[kind]} == set(shape), kind
    for reason in replacing.REASONS:
        assert f"`{reason}`" in DOC
    assert set(verify.REASONS) == set(replacing.REASONS)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="this machine has no sha256sum")
def test_a_ticket_can_be_checked_with_sha256sum():
    """Else somebody in the union hall cannot check a case's number with what every Linux machine has."""
    key, (leaf_hex, number, _) = VECTORS["purpose_keys"]["ticket"], VECTORS["dispositions"][0]
    done = subprocess.run(["sha256sum"], input=f"{key}{leaf_hex}".encode(), capture_output=True, check=True)
    assert done.stdout.decode().split()[0] == number == ticket(key, leaf_hex)


# -- text ---------------------------------------------------------------------------------------------


@given(ids)
@settings(deadline=None)
def test_ids_that_are_equal_in_nfc_collide(said):
    """Else a case that is typed in two ways stands on the list twice, with two chances (14)."""
    for form in ("NFC", "NFD"):
        assert BLIND.case(f" {unicodedata.normalize(form, said)} ") == BLIND.case(said)


@given(ids, ids)
@settings(deadline=None)
def test_ids_that_differ_have_other_pseudonyms_and_kinds_never_mix(one, other):
    """Else two cases share a number in the draw, or a worker's pseudonym can be taken for a case's (14)."""
    assert (text(one) == text(other)) == (BLIND.case(one) == BLIND.case(other))
    assert len({BLIND.case(one), BLIND.worker(one), BLIND.unit(one)}) == 3


@given(st.tuples(ids, ids, st.none() | ids, ids), st.tuples(ids, ids, st.none() | ids, ids))
@settings(deadline=None)
def test_the_encoding_of_a_line_is_injective(one, other):
    """Else two different cases could give the same line of the sealed list (14)."""

    def line(case, worker, unit, stratum):
        return leaf(BLIND.case(case), BLIND.worker(worker), BLIND.unit(unit) if unit else "", stratum)

    def same(parts):
        return tuple(part and text(part) for part in parts)

    assert (same(one) == same(other)) == (line(*one) == line(*other))


def distinct(blind) -> bool:
    """Whether ids that only look alike as numbers keep pseudonyms of their own."""
    listed = ["007", "7", "07", "7.0", "0x7", "1e1", "10"]
    return len({blind(one) for one in listed}) == len(listed)


def test_ids_are_text_and_never_numbers():
    """Planted offender: a reader that takes ids for numbers makes one case of "007" and "7"."""

    def as_numbers(said: str) -> str:
        return BLIND.case(str(float(int(said, 16) if said.startswith("0x") else said)))

    assert distinct(BLIND.case)
    assert not distinct(as_numbers)
    with pytest.raises(ValueError, match="keep the column as text, so that 007 stays 007"):
        text(7)


@pytest.mark.parametrize(
    "hidden", ["\t", "\n", "\r", "\0", "\x7f", "\u200b", "\ufeff", "\u2028", "\u00ad", "\ud800"]
)
def test_characters_that_cannot_be_seen_are_refused_by_place_and_not_quoted(hidden):
    """Else two ids that look alike are two cases; and the message must not print an id (14)."""
    with pytest.raises(ValueError, match=r"character 4 .*cannot be seen") as caught:
        text(f"Zed{hidden}9")
    assert "Zed" not in str(caught.value)
    with pytest.raises(ValueError, match="must not be empty"):
        text("  \u00a0")


# -- JSON, time, tree, keys -----------------------------------------------------------------------------


def test_json_is_that_of_rfc_8785():
    """Else a plan has another hash in another language: keys are sorted by UTF-16, escapes are the shortest."""
    assert (
        jcs({"\U0001f600": 1, "\ufb33": 2, "b": [], "a": {}}) == '{"a":{},"b":[],"\U0001f600":1,"\ufb33":2}'
    )
    assert jcs('\b\t\n\f\r"\\\x01\x7f/é') == '"\\b\\t\\n\\f\\r\\"\\\\\\u0001\x7f/é"'


written = st.recursive(
    st.text(max_size=3) | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda part: (
        st.lists(part, max_size=3)
        | st.tuples(part, part)
        | st.dictionaries(st.text(max_size=2), part, max_size=3)
    ),
    max_leaves=8,
)


@given(written)
@settings(max_examples=60, deadline=None)
def test_json_is_that_of_the_verifier_whatever_is_written(value):
    """Else a paper's sum is one thing to who writes it, and another to who checks it."""
    assert jcs(value) == verify.jcs(json.loads(json.dumps(value)))


many = st.lists(st.text("aé 0-", min_size=1, max_size=4).filter(str.strip), max_size=5)


@given(many, many)
@settings(max_examples=40, deadline=None)
def test_many_at_once_are_hashed_as_each_alone(ids, names):
    """Else a list that is sealed at one glance has other lines than those that a worker's paper opens."""
    blinding = Blinding(bytes(range(32)))
    assert blinding.cases(ids) == [blinding.case(one) for one in ids]
    assert blinding.workers(ids) == [blinding.worker(one) for one in ids]
    unit = blinding.unit("u")
    lines = [
        (blinding.case(a), blinding.worker(b), u, b)
        for a, b in zip(ids, names, strict=False)
        for u in ("", unit)
    ]
    assert casedraw.leaves(lines) == [leaf(*one) for one in lines]
    leaves = sorted(casedraw.leaves(lines))
    found = casedraw.ordered("ab" * 32, leaves)
    assert sorted(one for _, one, _ in found) == leaves
    assert [number for number, _, _ in found] == sorted(ticket("ab" * 32, one) for one in leaves)
    assert all(leaves[place] == one for _, one, place in found)


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("wrong", ["A" * 64, "a" * 63, "a" * 65, "g" * 64])
def test_a_line_of_many_that_is_not_blinded_is_refused(at, wrong):
    """Else two lines of the sealed list could be read as one another."""
    line = ["a" * 64, "b" * 64, "c" * 64, "x"]
    line[at] = wrong
    with pytest.raises(ValueError, match="64 hex digits"):
        casedraw.leaves([("d" * 64, "e" * 64, "", "x"), tuple(line)])


@pytest.mark.parametrize("wrong", [True, None, 1.5, 2**53, {1: "a"}, {"a": [None]}, "\ud800"])
def test_json_refuses_what_not_every_program_reads_alike(wrong):
    """Else the hash of a plan depends on the program that reads it."""
    with pytest.raises(ValueError):  # noqa: PT011 (each case has words of its own)
        jcs(wrong)


def test_times_are_utc_in_whole_seconds():
    """Else the same moment is sealed under two texts."""
    pacific = timezone(timedelta(hours=-8))
    assert casedraw.utc(datetime(2027, 1, 11, 9, 0, 0, 999, tzinfo=pacific)) == "2027-01-11T17:00:00Z"
    assert casedraw.utc(datetime(2027, 1, 11, 17, tzinfo=UTC)) == "2027-01-11T17:00:00Z"
    with pytest.raises(ValueError, match="time zone"):
        casedraw.utc(datetime(2027, 1, 11, 17))  # noqa: DTZ001


@pytest.mark.parametrize("count", range(1, 34))
def test_the_root_is_rfc_6962s_whatever_the_order(count):
    """Else a worker's own path to "my case was in the hat" leads to another root."""
    leaves = [sha(str(number)) for number in range(count)]
    assert root(reversed(leaves)) == tree(sorted(map(bytes.fromhex, leaves))).hex()


def test_what_would_make_a_line_or_list_ambiguous_is_refused():
    """Else a line could be read in two ways, or one case have two lines."""
    with pytest.raises(ValueError, match="stands twice"):
        root([HEX, HEX])
    for wrong in [("x", HEX, ""), (HEX, HEX.upper(), ""), (HEX, HEX, f"{HEX}\n"), (HEX, "", HEX)]:
        with pytest.raises(ValueError, match="64 hex digits"):
            leaf(*wrong, "x")
    with pytest.raises(ValueError, match="32 bytes"):
        Blinding(b"short")


def test_a_key_is_never_printed():
    """Else a traceback or a log line opens every case on the list."""
    assert "key" not in repr(BLIND)


@given(
    st.sampled_from(["round", "alternates/1", "alternates/2", "focus/parent", "team", "pi"]), st.integers()
)
def test_other_purposes_give_other_keys(purpose, number):
    """Else the draw of a focus group, or of alternates, repeats the draw of the cases (15)."""
    seed = sha(str(number))
    assert purpose_key(seed, purpose) != purpose_key(seed, "ticket")
    assert purpose_key(seed, "ticket") != purpose_key(sha(seed), "ticket")
    with pytest.raises(ValueError, match="spaces"):
        purpose_key(seed, f"{purpose} ")
