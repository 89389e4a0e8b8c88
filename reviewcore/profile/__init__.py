"""The profile: one TOML file that names the review type and everything the review depends on."""
