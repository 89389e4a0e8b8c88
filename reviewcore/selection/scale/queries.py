"""What an engine is asked of a sealed ledger: standard SQL with parameters, the same for DuckDB and for Spark.

No engine's random numbers, hash seeds or order of rows has a part in it: SHA-256 in lower-case hex is
compared byte by byte. `Query.sql` has the engine's own name for SHA-256 yet to be filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

COLUMNS = ("leaf", "case", "worker", "unit", "stratum")
"""The columns of a sealed ledger, all text: the leaf of section 4 of docs/casedraw.md, and what it is made of."""

BEYOND = "g"
"""A cut-off that is greater than every ticket."""

_TICKETS = "SELECT leaf, worker, stratum, {sha256} AS ticket FROM ledger"
_BELOW = "SELECT * FROM ({tickets}) WHERE ticket < ? AND ticket < CASE stratum{arms} ELSE '' END"
_FIRST = """
SELECT leaf, worker, stratum, ticket
FROM (
  SELECT *, row_number() OVER (PARTITION BY stratum, worker ORDER BY ticket, leaf) AS turn
  FROM ({tickets})
  WHERE stratum IN ({among})
)
WHERE turn <= ?
"""


@frozen
class Query:
    """A query and its parameters, in the order of their question marks."""

    sql: str
    parameters: tuple[str | int, ...] = ()

    def said(self, sha256: str) -> str:
        """Return the SQL, given how an engine writes the SHA-256 of the key, a parameter, before the leaf."""
        return self.sql.format(sha256=sha256)


def counts() -> Query:
    """Ask for (stratum, cases): how many cases each stratum has."""
    return Query("SELECT stratum, count(*) FROM ledger GROUP BY stratum")


def below(key: str, cutoffs: Mapping[str, str]) -> Query:
    """Ask for (leaf, worker, stratum, ticket) of the cases whose ticket is below their stratum's cut-off."""
    arms = " WHEN ? THEN ?" * len(cutoffs)
    given = (text for pair in cutoffs.items() for text in pair)
    highest = max(cutoffs.values())  # most cases are out by this alone
    return Query(_BELOW.format(tickets=_TICKETS, arms=arms), (key, highest, *given))


def first_of_workers(key: str, strata: Sequence[str], per_worker: int) -> Query:
    """Ask for the same of each worker's first `per_worker` cases in each of these strata."""
    among = ", ".join("?" * len(strata))
    return Query(_FIRST.format(tickets=_TICKETS, among=among), (key, *strata, per_worker))
