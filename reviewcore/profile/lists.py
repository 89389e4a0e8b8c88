"""What a profile says of one list that the county supplies. Its own module, since a draw needs no other setting."""

from collections.abc import Mapping

from attrs import Factory, field, frozen

from reviewcore.profile.rules import at_least, filled


@frozen(repr=False, eq=False)
class List:
    """A list that the county supplies: the file, and which of its columns is which.

    In place of a file there may be a database's URL; `sheet` is the sheet of a workbook, or the table or
    view of the database. `columns` maps our field to the heading in the file. `control_total` is the
    agency's own count of what should be on the list, and `control_source` says where that count is from. In
    an extract, `totals` are the words by which a row of totals is known, such as the state's name among its
    districts.
    """

    file: str = field(validator=filled)
    columns: Mapping[str, str] = Factory(dict)
    sheet: str = ""
    control_total: int | None = field(default=None, validator=at_least(0))
    control_source: str = ""
    totals: tuple[str, ...] = field(
        default=(), metadata={"words": "in an extract, the words that mark a row of totals"}
    )

    @property
    def in_database(self) -> bool:
        """Whether the list is the table or view of a database."""
        return "://" in self.file
