"""A whole review on made-up people: the county, its answers and its dice come from a text alone."""
