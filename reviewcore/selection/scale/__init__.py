"""Lists of millions: the same draw, bit for bit, from a sealed ledger that an engine reads.

The engine hashes every line and gives back the few cases that can matter; the draw itself is the one of
`reviewcore.selection.draw`. Needs `reviewcore[scale]` (DuckDB) or `reviewcore[spark]`.
"""
