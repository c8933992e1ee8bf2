"""Acts from negotiation to the filed agreement, the template and the allocation of places."""
from agreements.acts import allocation, declining, filing, signing, template  # noqa: F401
