"""A kind of deadline for the tests with real processes: its effect is one line in a table."""
