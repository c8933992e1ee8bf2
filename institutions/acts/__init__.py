"""What is done to an institution's own record: filling it in, people and staff, parent and chain, corrections; service online."""

from institutions.acts import belonging, completing, correcting, people, receiving  # noqa: F401
