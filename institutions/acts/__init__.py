"""What is done to an institution's own record: filling it in, people and staff, online service of documents."""

from institutions.acts import completing, people, receiving  # noqa: F401
