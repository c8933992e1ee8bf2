"""Every act on agreements: negotiation to filing, the life of an agreement, the template and the allocation of places."""

from agreements.acts import (  # noqa: F401
    allocation,
    changing,
    declining,
    dropping,
    filing,
    fixed,
    hearing,
    leaving,
    parts,
    passing_on,
    renewing,
    requesting,
    restoring,
    signing,
    suspending,
    taking_over,
    template,
    terminating,
    withdrawing,
)
