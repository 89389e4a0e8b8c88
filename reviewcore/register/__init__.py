"""The register: people, roles, supervisors, languages; the county's lists and which column is which."""
