"""Acts of evaluation and public notice; one module per step of the road."""

from evaluations.acts import evidence, findings, notice, result, rubric, team  # noqa: F401
