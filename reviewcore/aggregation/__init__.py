"""Aggregation: from answers to tables, with the fineness of each table fixed before any answer is seen."""
