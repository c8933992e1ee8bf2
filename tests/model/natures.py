"""R5: the nature of a termination by its ground; None where it must be stated."""

SERIOUS, VIOLATION, FRAUD, BREACH = "serious_violation", "violation", "fraud_in_applying", "serious_breach"

HOSPITAL: dict[int, str | None] = {
    **dict.fromkeys((3, 8), SERIOUS), **dict.fromkeys((4, 11), VIOLATION), 2: FRAUD, **dict.fromkeys((1, 5, 6, 7, 13), BREACH),
    **dict.fromkeys((9, 10, 14), None),
}  # fmt: skip
PHARMACY: dict[int, str | None] = {
    **dict.fromkeys((4, 5, 10), SERIOUS), **dict.fromkeys((6, 12), VIOLATION), 3: FRAUD, **dict.fromkeys((1, 7, 8, 9, 16), BREACH),
    **dict.fromkeys((2, 11, 13, 14, 17), None),
}  # fmt: skip


def by_ground(kind: str) -> dict[int, str | None]:
    return HOSPITAL if kind == "hospital" else PHARMACY
