"""Reports: a document model that can only cite published cells, and the writers that render it."""
