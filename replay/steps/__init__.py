"""What plays each word after ``do``; one module per stretch of the road."""

from replay.steps import applying, correcting, deciding, disputing, evaluating, living, plain, setting, signing, standing  # noqa: F401
