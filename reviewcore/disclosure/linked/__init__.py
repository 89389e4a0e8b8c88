"""Joint suppression of linked count tables: cells, margins and totals over the same persons, as one problem.

The caller says what could be printed, and gets back what may be. Every number is the sum of inner cells:
the full cross of all attributes that any table uses. Numbers that share persons belong into one call, with
all that the reader is told elsewhere; two calls know nothing of each other.

Two clinics, how many of their clients were issued benefits and how many were not. South's 3 are withheld,
and so is what would give them back; `Cross` finds the inner cells of larger tables by name.

>>> protect(
...     LinkedTables(
...         counts=(30, 9, 14, 3),  # North issued, North not, South issued, South not
...         quantities=(
...             Quantity("all", {0, 1, 2, 3}, weight=2),
...             Quantity("all issued", {0, 2}),
...             Quantity("North", {0, 1}),
...             Quantity("North issued", {0}),
...             Quantity("South", {2, 3}),
...             Quantity("South issued", {2}),
...             Quantity("South not issued", {3}),
...         ),
...         splits=(Split("North", ("North issued",)), Split("South", ("South issued", "South not issued"))),
...         rates=(Rate("all issued, percent", "all issued", "all"), Rate("South, percent", "South issued", "South")),
...     ),
...     k=5,
... )  # doctest: +NORMALIZE_WHITESPACE
Protected(values={'all': 56, 'all issued': 44, 'North': 39, 'North issued': None,
                  'South': 17, 'South issued': None, 'South not issued': None},
          rates=frozenset({'all issued, percent'}), small=1, further=2)

A rate is shown where both of its counts are. `Split` says which numbers divide a group, so that nobody
learns that all of a group, or all but `t`, are alike. `Told` is a number that the reader has anyway; it is
never withheld, and with a value of 0 and factors of 1 and -1 it is an equation between cells.
"""

from reviewcore.disclosure.linked.certificate import Unproved, certify
from reviewcore.disclosure.linked.cross import Cross
from reviewcore.disclosure.linked.suppress import protect
from reviewcore.disclosure.linked.values import LinkedTables, Protected, Quantity, Rate, Split, Told

__all__ = [
    "Cross",
    "LinkedTables",
    "Protected",
    "Quantity",
    "Rate",
    "Split",
    "Told",
    "Unproved",
    "certify",
    "protect",
]
