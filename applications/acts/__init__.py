"""Acts of the district agency and the institution from draft to acceptance; one module per step of the road."""

from applications.acts import check, configuring, ending, filing, owning, refusing  # noqa: F401
