"""Where a review is kept: the event log, the vault of identities, the files, the agency's ledger."""
