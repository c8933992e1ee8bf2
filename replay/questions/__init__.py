"""What answers each word after ``ask``, from the same folds as pages and API."""

from replay.questions import agreements, applications, lists, settlement, standing  # noqa: F401
