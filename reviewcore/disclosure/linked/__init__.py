"""Joint suppression of linked count tables: cells, margins and totals over the same persons, as one problem.

The caller says what could be printed, and gets back what may be. Every number is the sum of inner cells:
the full cross of all attributes that any table uses. Numbers that share persons belong into one call, with
all that the reader is told elsewhere; two calls know nothing of each other.

Two clinics, and how many of their clients were issued benefits. South's 3 are withheld, and so is what
would give them back:

>>> cross = Cross({"clinic": ("North", "South"), "part": ("issued", "not issued")})
>>> tables = LinkedTables(
...     cross.counts({
...         ("North", "issued"): 30, ("North", "not issued"): 9,
...         ("South", "issued"): 14, ("South", "not issued"): 3,
...     }),
...     quantities=(
...         Quantity("all", cross.cells(), weight=2),
...         Quantity("all issued", cross.cells(part=("issued",))),
...         Quantity("North", cross.cells(clinic=("North",))),
...         Quantity("North issued", cross.cells(clinic=("North",), part=("issued",))),
...         Quantity("South", cross.cells(clinic=("South",))),
...         Quantity("South issued", cross.cells(clinic=("South",), part=("issued",))),
...         Quantity("South not issued", cross.cells(clinic=("South",), part=("not issued",))),
...     ),
...     splits=(Split("South", ("South issued", "South not issued")),),
...     rates=(
...         Rate("North issued, percent", "North issued", "North"),
...         Rate("South issued, percent", "South issued", "South"),
...     ),
... )
>>> made = protect(tables, k=5)
>>> for name, value in made.values.items():
...     print(name, "withheld" if value is None else value)
all 56
all issued 44
North 39
North issued withheld
South 17
South issued withheld
South not issued withheld
>>> sorted(made.rates)
[]

A rate is shown where both of its counts are. `Split` says which numbers divide a group, so that nobody
learns that all of a group, or all but `t`, are alike. `Told` is a number that the reader has anyway; it is
never withheld, and with a value of 0 and factors of 1 and -1 it is an equation between cells.
"""

from reviewcore.disclosure.linked.cross import Cross
from reviewcore.disclosure.linked.suppress import protect
from reviewcore.disclosure.linked.values import LinkedTables, Protected, Quantity, Rate, Split, Told

__all__ = ["Cross", "LinkedTables", "Protected", "Quantity", "Rate", "Split", "Told", "protect"]
