"""What is done to an institution's own record: filling it in, people and staff, parent and chain, online service of documents."""

from institutions.acts import belonging, completing, people, receiving  # noqa: F401
