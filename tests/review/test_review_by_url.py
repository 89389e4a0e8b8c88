"""A whole review whose log and vault are kept in a database, by URL."""

from __future__ import annotations

from pathlib import Path

from small_county import DICE, NOW, begin, letters

from reviewcore import Review
from reviewcore.demo.run import return_tools


def test_a_whole_review_runs_on_a_database_by_url(tmp_path: Path) -> None:
    """If this fails, county IT can open a review in its own database and not get to its end."""
    begin(tmp_path)

    def by_url() -> Review:
        url = f"sqlite:///{tmp_path / 'central.db'}"
        return Review.open(
            url, folder=tmp_path / "review", keys=tmp_path / "keys", clock=lambda: NOW, actor="tester"
        )

    review = by_url()
    review.select()
    letters(review)
    review.select([DICE])
    letters(review)
    review.interview()
    letters(review)
    return_tools(review)
    assert [step.stage for step in review.run()][-1] == "report"
    assert by_url().verify().wrong == ()
    assert not list((tmp_path / "review").glob("*.db"))
