"""Acts on disputes."""

from disputes.acts import answering, raising  # noqa: F401
