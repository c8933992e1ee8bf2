"""Acts from negotiation to the filed agreement, the template and the allocation of places."""

from agreements.acts import allocation, declining, filing, signing, taking_over, template  # noqa: F401
