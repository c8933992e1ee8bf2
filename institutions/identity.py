"""Identity numbers at rest: ciphertext to read them back, a keyed hash to find the same person again (M35, R4).

Keys lie in ``settings.IDENTITY_KEYS_FILE`` (made on first use, readable by its owner only), newest first: the first one
writes, every one reads. A stored ciphertext begins with the name of its key.
"""

import hashlib
import hmac
import re
import unicodedata
from datetime import date

from cryptography.fernet import InvalidToken
from stdnum.cn import ric
from stdnum.exceptions import ValidationError as StdnumError

from deadlines import clock
from institutions.identity_keys import Key, keys

# Residence permits of people from Hong Kong, Macao and Taiwan, and foreigners' permanent residence cards: built like a
# resident number, but their first six digits are no county, which is all that the library would hold against them.
_NO_COUNTY = re.compile(r"(810000|820000|830000|9\d{5})\d{11}[\dX]")


class BadIdentityNumber(ValueError):
    """Not a resident number; the message says why and never repeats the number."""


class UnknownKey(Exception):
    """A ciphertext was made with a key that the key file no longer has."""


def compact(number: str) -> str:
    """The number as it is hashed: narrow characters, no blanks, a large X."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper()


def resident_number_of(text: str) -> str:
    """The 18-digit number of a resident (GB 11643) in its standard writing: length, place, birth date and check digit hold."""
    number = compact(text)
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise BadIdentityNumber("身份证件号码应为 18 位，末位可以是 X。")
    if ric.calc_check_digit(number) != number[-1]:
        raise BadIdentityNumber("身份证件号码的校验码不对，请核对。")
    try:
        born = _birth_date(number)
    except (StdnumError, ValueError) as error:
        raise BadIdentityNumber("身份证件号码中的地区或出生日期不存在，请核对。") from error
    if not date(1900, 1, 1) <= born <= clock.today():
        raise BadIdentityNumber("身份证件号码中的出生日期不可能，请核对。")
    return number


def _birth_date(number: str) -> date:
    if not _NO_COUNTY.fullmatch(number):
        ric.get_birth_place(number)
    return ric.get_birth_date(number)


def encrypt(number: str) -> str:
    key = keys()[0]
    return f"{key.name}:{key.cipher.encrypt(compact(number).encode()).decode()}"


def decrypt(ciphertext: str) -> str:
    name, _, token = ciphertext.partition(":")
    for key in keys():
        if key.name == name:
            try:
                return key.cipher.decrypt(token.encode()).decode()
            except InvalidToken as error:
                raise UnknownKey("证件号码的密文与密钥不符，请检查密钥文件是否属于这个数据库。") from error
    raise UnknownKey("密钥文件中没有加密此证件号码的密钥，请检查密钥文件是否属于这个数据库。")


def _hash(number: str, key: Key) -> str:
    return hmac.new(key.secret, compact(number).encode(), hashlib.sha256).hexdigest()


def hash_of(number: str) -> str:
    """The keyed hash under the newest key: the same for the same number, useless without the key."""
    return _hash(number, keys()[0])


def hashes_of(number: str) -> list[str]:
    """Under every key, newest first: while keys change, a person may still be stored under an older one."""
    return [_hash(number, key) for key in keys()]


def masked(number: str) -> str:
    """First three and last four places; the rest, with the birth date, is starred."""
    if len(number) < 9:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
