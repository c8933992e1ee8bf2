"""The conditions for applying, one rule each: M5–M6 for hospitals, P5 for pharmacies (R13, I45). Pure, no Django."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from deadlines.periods import add_months, contract_met, months_met
from institutions.condition_profile import ManagerRow, PractitionerRow, Profile, Span

MONTHS_IN_OPERATION = 3
MONTHS_REGISTERED = 3
BEDS_FOR_A_DEPARTMENT = 100  # "100 张床位以上" includes 100 itself (I45)
PHARMACY_MANAGERS = 2

LISTED_CATEGORIES = frozenset(
    {
        "general",
        "tcm",
        "integrated",
        "ethnic",
        "specialist",
        "rehabilitation",
        "disease_prevention",
        "maternal_child",
        "community_centre",
        "community_station",
        "township",
        "outpatient",
        "clinic",
        "health_room",
        "village",
        "emergency",
        "hospice",
        "dialysis",
        "nursing",
        "elderly_care",
    }
)
DOCTORS = frozenset({"physician", "village_doctor", "tcm_specialist"})
PHARMACISTS = frozenset({"licensed_pharmacist", "pharmacy_technician"})
# A filing instead of a licence is open to TCM clinics only, also inside a home for the elderly.
FILING_SUFFICES = frozenset({"clinic", "elderly_care"})


@dataclass(frozen=True)
class Condition:
    """``starts``: the days on which something may begin to be true; the condition can become met on no other day."""

    clause: str
    holds: Callable[[Profile, date], bool]
    starts: Callable[[Profile], Iterable[date | None]]
    sentence: Callable[[Profile, date], str]


def _still_here(ended_on: date | None, day: date) -> bool:
    return ended_on is None or day <= ended_on


def _after_months(event: date | None, months: int) -> date | None:
    return add_months(event, months) if event is not None else None


# M5, P5: the listed category and a licence of the right kind in force


def licences_that_suffice(profile: Profile) -> tuple[str, ...]:
    """A pharmacy's drug licence; a hospital's practice licence, a TCM clinic's filing, a military hospital's permit."""
    if profile.kind == "pharmacy":
        return ("drug_licence",)
    if profile.ownership == "military":
        return ("military_permit",)
    if profile.category in FILING_SUFFICES:
        return ("practice_licence", "tcm_clinic_filing")
    return ("practice_licence",)


def _category_listed(profile: Profile, _day: date) -> bool:
    """An internet hospital leans on its hospital's agreement (M5.2), which a floor above knows."""
    return profile.category in LISTED_CATEGORIES or profile.category == "internet"


def _category_sentence(profile: Profile, _day: date) -> str:
    return "尚未登记类别，或类别不属于可以申请医保定点的医疗机构。"


def _never(_profile: Profile) -> Iterable[date | None]:
    return []


def _licensed(profile: Profile, day: date) -> bool:
    kinds = licences_that_suffice(profile)
    return any(row.kind in kinds and row.valid.holds(day) for row in profile.licences)


def _licence_starts(profile: Profile) -> Iterable[date | None]:
    return [row.valid.from_on for row in profile.licences]


_LICENCE_NAMES = {
    "practice_licence": "医疗机构执业许可证",
    "tcm_clinic_filing": "中医诊所备案证",
    "military_permit": "军队医疗机构为民服务许可证",
    "drug_licence": "药品经营许可证",
}


def _licence_sentence(profile: Profile, day: date) -> str:
    names = "或".join(_LICENCE_NAMES[kind] for kind in licences_that_suffice(profile))
    return f"{day} 没有在有效期内的{names}。"


# M6.1, P5.1: in operation for three months


def _in_operation(profile: Profile, day: date) -> bool:
    return profile.opened_on is not None and months_met(profile.opened_on, MONTHS_IN_OPERATION, day)


def _operation_starts(profile: Profile) -> Iterable[date | None]:
    return [_after_months(profile.opened_on, MONTHS_IN_OPERATION)]


def _operation_sentence(profile: Profile, day: date) -> str:
    what = "在注册地址正式经营" if profile.kind == "pharmacy" else "正式运营"
    if profile.opened_on is None:
        return f"没有登记{what}之日，不能认定已满 3 个月。"
    return f"{what}未满 3 个月：{profile.opened_on} 开业，{add_months(profile.opened_on, MONTHS_IN_OPERATION)} 满 3 个月。"


# M6.2: a doctor first registered here for three months


def _counts_as_doctor(row: PractitionerRow, day: date) -> bool:
    return (
        row.kind in DOCTORS
        and row.registered_here
        and row.first_registered_on is not None
        and months_met(row.first_registered_on, MONTHS_REGISTERED, day)
        and _still_here(row.ended_on, day)
    )


def _has_doctor(profile: Profile, day: date) -> bool:
    return any(_counts_as_doctor(row, day) for row in profile.practitioners)


def _doctor_starts(profile: Profile) -> Iterable[date | None]:
    return [_after_months(row.first_registered_on, MONTHS_REGISTERED) for row in profile.practitioners]


def _doctor_sentence(_profile: Profile, day: date) -> str:
    return f"{day} 没有第一注册地在本机构且注册已满 3 个月的医师。"


# P5.2: a pharmacist registered here under contract


def _contract_counts(contract: Span, day: date) -> bool:
    """At least one year long and in force; a contract without a last day is long enough (R13)."""
    if contract.from_on is None or not contract.holds(day):
        return False
    return contract.to_on is None or contract_met(contract.from_on, contract.to_on)


def _has_pharmacist(profile: Profile, day: date) -> bool:
    return any(
        row.kind in PHARMACISTS
        and row.registered_here
        and (row.first_registered_on is None or row.first_registered_on <= day)
        and _contract_counts(row.contract, day)
        and _still_here(row.ended_on, day)
        for row in profile.practitioners
    )


def _pharmacist_starts(profile: Profile) -> Iterable[date | None]:
    return [start for row in profile.practitioners for start in (row.first_registered_on, row.contract.from_on)]


def _pharmacist_sentence(_profile: Profile, day: date) -> str:
    return f"{day} 没有注册在本店、劳动合同 1 年以上且在合同期内的执业药师或药学技术人员。"


# M6.3, P5.3: who looks after insurance matters


def _employed(row: ManagerRow, day: date) -> bool:
    """M6.3 asks for no contract; where its dates are known the day must lie within them."""
    begun = row.contract.from_on is None or row.contract.from_on <= day
    return begun and (row.contract.to_on is None or day <= row.contract.to_on) and _still_here(row.ended_on, day)


def _needs_department(profile: Profile) -> bool:
    return profile.beds >= BEDS_FOR_A_DEPARTMENT


def _hospital_management_gaps(profile: Profile, day: date) -> list[str]:
    managers = [row for row in profile.managers if _employed(row, day)]
    gaps = []
    if not profile.has_principal(day):
        gaps.append("没有负责医保工作的主要负责人")
    if not managers:
        gaps.append("没有专职或兼职医保管理人员")
    if _needs_department(profile) and not profile.insurance_department:
        gaps.append(f"床位 {profile.beds} 张，未设有专职人员的内部医保管理部门")
    elif _needs_department(profile) and managers and not any(row.full_time for row in managers):
        gaps.append(f"床位 {profile.beds} 张，医保管理人员中没有专职人员")
    return gaps


def _hospital_managed(profile: Profile, day: date) -> bool:
    return not _hospital_management_gaps(profile, day)


def _hospital_management_starts(profile: Profile) -> Iterable[date | None]:
    return [*(row.contract.from_on for row in profile.managers), *(span.from_on for span in profile.principals)]


def _hospital_management_sentence(profile: Profile, day: date) -> str:
    return f"{day} " + "，".join(_hospital_management_gaps(profile, day)) + "。"


def _pharmacy_managers(profile: Profile, day: date) -> int:
    return sum(_contract_counts(row.contract, day) and _still_here(row.ended_on, day) for row in profile.managers)


def _pharmacy_managed(profile: Profile, day: date) -> bool:
    return _pharmacy_managers(profile, day) >= PHARMACY_MANAGERS


def _pharmacy_management_starts(profile: Profile) -> Iterable[date | None]:
    return [row.contract.from_on for row in profile.managers]


def _pharmacy_management_sentence(profile: Profile, day: date) -> str:
    count = _pharmacy_managers(profile, day)
    return f"{day} 劳动合同 1 年以上且在合同期内的医保管理人员为 {count} 名，至少应有 {PHARMACY_MANAGERS} 名。"


CONDITIONS: Mapping[str, Sequence[Condition]] = {
    "hospital": (
        Condition("M5", _category_listed, _never, _category_sentence),
        Condition("M5", _licensed, _licence_starts, _licence_sentence),
        Condition("M6.1", _in_operation, _operation_starts, _operation_sentence),
        Condition("M6.2", _has_doctor, _doctor_starts, _doctor_sentence),
        Condition("M6.3", _hospital_managed, _hospital_management_starts, _hospital_management_sentence),
    ),
    "pharmacy": (
        Condition("P5", _licensed, _licence_starts, _licence_sentence),
        Condition("P5.1", _in_operation, _operation_starts, _operation_sentence),
        Condition("P5.2", _has_pharmacist, _pharmacist_starts, _pharmacist_sentence),
        Condition("P5.3", _pharmacy_managed, _pharmacy_management_starts, _pharmacy_management_sentence),
    ),
}
