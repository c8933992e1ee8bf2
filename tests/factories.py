"""Made-up rows for every test: valid, distinct, and institutions that meet every condition unless told otherwise.

``HospitalFactory(beds=120, doctors=[])`` takes the words of a written case (replay.md); what is left out is filled in.
"""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from institutions.building import create_chain, create_institution, create_person
from institutions.madeup import MadeUp
from institutions.models import Chain, Institution, Person
from offices.actors import Actor, actor_for
from offices.models import CLERK_ROLES, DISTRICT_ROLES, District, Membership, Office, Role, User
from offices.seeding import DISTRICTS

NAMES = {code: name for code, name, _ in DISTRICTS}
made = MadeUp()


class DistrictFactory(DjangoModelFactory[District]):
    """朝阳区 unless another code is given; the same row each time."""

    class Meta:
        model = District
        django_get_or_create = ("code",)

    code = "110105"
    name = factory.LazyAttribute(lambda row: NAMES[row.code])


class OfficeFactory(DjangoModelFactory[Office]):
    """An office of a role; bureaus and agencies exist once for the city or a district, so the same row comes back."""

    class Meta:
        model = Office

    role = Role.DISTRICT_AGENCY
    district = factory.LazyAttribute(lambda row: DistrictFactory() if row.role in DISTRICT_ROLES else None)
    name = factory.LazyAttribute(lambda row: f"{row.district or '北京市'}{Role(row.role).label}")

    @classmethod
    def _create(cls, model_class: type[Office], *args: Any, **given: Any) -> Office:
        if given["role"] in CLERK_ROLES:
            there = Office.objects.filter(role=given["role"], district=given["district"], active=True).first()
            if there is not None:
                return there
        return super()._create(model_class, *args, **given)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"user{number}")
    full_name = factory.LazyFunction(lambda: made.fill("person")["name"])
    password = "!"


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    office = factory.SubFactory(OfficeFactory)
    may_review = True


class PersonFactory(DjangoModelFactory[Person]):
    """``PersonFactory(name=…, id_number=…)``, either left out."""

    class Meta:
        model = Person

    @classmethod
    def _create(cls, model_class: type[Person], *args: Any, **given: Any) -> Person:
        return create_person(made.fill("person", **given))


class ChainFactory(DjangoModelFactory[Chain]):
    class Meta:
        model = Chain

    @classmethod
    def _create(cls, model_class: type[Chain], *args: Any, **given: Any) -> Chain:
        return create_chain(made.fill("chain", **given))


def _institution(kind: str, given: dict[str, Any]) -> Institution:
    district = given.pop("district", "110105")
    code = district.code if isinstance(district, District) else district
    DistrictFactory(code=code)
    return create_institution(made.fill(kind, district=code, **given))


class HospitalFactory(DjangoModelFactory[Institution]):
    """A complete hospital with its office; ``district`` is a code or a District."""

    class Meta:
        model = Institution

    @classmethod
    def _create(cls, model_class: type[Institution], *args: Any, **given: Any) -> Institution:
        return _institution("hospital", given)


class PharmacyFactory(DjangoModelFactory[Institution]):
    """A complete pharmacy with its office."""

    class Meta:
        model = Institution

    @classmethod
    def _create(cls, model_class: type[Institution], *args: Any, **given: Any) -> Institution:
        return _institution("pharmacy", given)


def actor(role: str = Role.DISTRICT_AGENCY, district: str | None = None, institution: Institution | None = None, **member: Any) -> Actor:
    """Somebody new of that office.

    ``actor("city_agency")``, ``actor("district_agency", "110106")``, ``actor("institution", institution=hospital)``.
    """
    if institution is not None:
        office = institution.office
    elif district is not None:
        office = OfficeFactory(role=role, district=DistrictFactory(code=district))
    else:
        office = OfficeFactory(role=role)
    return actor_for(MembershipFactory(office=office, **member))
