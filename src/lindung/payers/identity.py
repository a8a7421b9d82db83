"""Numbers and addresses of an employer, as people write them, and what is wrong with them."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from lindung.core.errors import InvalidInput

_MARKS = re.compile(r"[\s.\-/]+")
NIB_DIGITS, OLD_NPWP_DIGITS, NPWP_DIGITS, NITKU_DIGITS = 13, 15, 16, 22


def read_nib(text: str) -> str | None:
    """The business number of OSS: 13 digits, blanks and marks left out; None for nothing. Raises InvalidInput."""
    digits = _MARKS.sub("", text)
    if not digits:
        return None
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) != NIB_DIGITS:
        raise InvalidInput(
            "nib_format",
            _("NIB terdiri dari 13 angka; yang diisi %(count)d tanda.") % {"count": len(digits)},
            field="nib",
            way_out=_("Salin dari lembar NIB (OSS), contoh 0220 0012 34567. Spasi boleh."),
        )
    return digits


def read_npwp(text: str) -> str | None:
    """A tax number in its form of 16 digits; one of 15 digits gets a zero before it, as the tax office does. None for
    nothing. Raises InvalidInput."""
    digits = _MARKS.sub("", text)
    if not digits:
        return None
    if re.fullmatch(r"[0-9]{15}", digits):
        return f"0{digits}"
    if re.fullmatch(r"[0-9]{16}", digits):
        return digits
    way_out = _("Contoh 01.234.567.8-701.000 (15 angka) atau 0012345678701000 (16 angka).")
    if re.fullmatch(r"[0-9]{22}", digits):
        way_out = _("Itu NITKU (22 angka). NPWP adalah 16 angka pertamanya.")
    raise InvalidInput(
        "npwp_format",
        _("NPWP terdiri dari 15 atau 16 angka; yang diisi %(count)d tanda.") % {"count": len(digits)},
        field="npwp",
        way_out=way_out,
        article="PMK 112/2022",
    )


def show_npwp(npwp: str | None) -> str:
    """As shown: an employer's whole, a person's (it is the NIK) with its middle hidden."""
    if not npwp or npwp.startswith("0"):
        return npwp or ""
    return f"{npwp[:4]}********{npwp[-4:]}"


def read_phone(text: str, field: str = "phone") -> str:
    """A telephone number with its digits, blanks left out; may be empty. Raises InvalidInput."""
    plain = re.sub(r"[\s\-().]+", "", text)
    if plain and not re.fullmatch(r"\+?[0-9]{6,15}", plain):
        raise InvalidInput(
            "phone_format", _("Nomor telepon tidak terbaca."), field=field,
            way_out=_("Isi 6 sampai 15 angka, contoh 0561 123456 atau +62 812 3456 7890."),
        )  # fmt: skip
    return plain


def read_email(text: str, field: str = "email") -> str:
    """An e-mail address; may be empty. Raises InvalidInput."""
    plain = text.strip()
    if not plain:
        return ""
    try:
        validate_email(plain)
    except ValidationError as error:
        raise InvalidInput(
            "email_format", _("Alamat surel tidak terbaca."), field=field,
            way_out=_("Contoh: hrd@contoh.co.id."),
        ) from error  # fmt: skip
    return plain


def read_text(text: str, field: str, label: str, most: int, needed: bool = True) -> str:
    """A text without blanks at its ends or doubled. Raises InvalidInput when it is missing or too long."""
    plain = " ".join(text.replace("\x00", "").split())
    if (needed and not plain) or len(plain) > most:
        raise InvalidInput(
            f"{field}_text",
            _("%(label)s diisi, paling banyak %(most)d huruf.") % {"label": label, "most": most},
            field=field,
        )
    return plain
