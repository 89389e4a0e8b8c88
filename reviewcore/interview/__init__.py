"""Interviews: instruments as data, teams and times, workbooks out and answers in."""
