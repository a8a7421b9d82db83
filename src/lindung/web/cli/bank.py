"""Commands for banks: agreeing with one, and a test bank that pays a demonstration's bills."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from lindung.web.runtime import runtime

if TYPE_CHECKING:  # Django is set up later
    from lindung.banking.testbank import Credentials

TEST_BANK, TEST_SERVICE = "Bank Uji", "88899"


def add(
    data_dir: Path | None, name: str, service_id: str, key: Path, addresses: list[str], open_amount: bool
) -> tuple[str, str]:
    """A bank that may collect for us; its client id and its secret, shown this once."""
    with runtime(data_dir):
        from lindung.banking.actions import add_partner
        from lindung.core.actors import SYSTEM, acting_as

        with acting_as(SYSTEM):
            partner, secret = add_partner(
                SYSTEM, name, service_id, key.read_text(), open_amount=open_amount, allowed_addresses=addresses
            )
        return partner.client_id, secret


def run_testbank(data_dir: Path | None, url: str, count: int, seed: int) -> bool:
    """Let the test bank pay so many of a demonstration's open bills, with everything that goes wrong between two
    machines, and print what it was answered; whether all of it was right. Raises Conflict outside a demonstration: its
    money is none."""
    with runtime(data_dir, "demo"):
        from lindung.banking.queries import payable_bills
        from lindung.banking.testbank import TestBank, drive
        from lindung.contributions.billing import payment_code
        from lindung.core.clock import is_demonstration
        from lindung.core.errors import Conflict

        if not is_demonstration():
            way_out = "Buat dengan: lindung demo"
            raise Conflict("not_a_demonstration", "Bank uji hanya untuk basis data peragaan.", way_out=way_out)
        bank = TestBank(url.rstrip("/"), _credentials())
        lines = drive(bank, [payment_code(bill) for bill in payable_bills(count)], seed)
    table = Table("message", "sent", "answered", "p50 ms", "p99 ms", "")
    for line in lines:
        codes = ", ".join(f"{code} × {number}" for code, number in sorted(line.codes.items()))
        table.add_row(
            line.what, str(len(line.answers)), codes, f"{line.milliseconds(0.5):.1f}", f"{line.milliseconds(0.99):.1f}",
            "ok" if line.as_expected else f"expected {' or '.join(line.expected)}",
        )  # fmt: skip
    Console().print(table)
    return all(line.as_expected for line in lines)


def _credentials() -> Credentials:
    """The test bank's, with a new key and secret each time, so that none lies about."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from lindung.banking.actions import add_partner, renew_secret
    from lindung.banking.models import BankPartner
    from lindung.banking.testbank import Credentials
    from lindung.core.actors import SYSTEM, acting_as

    key = generate_private_key(65537, 2048)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    with acting_as(SYSTEM):
        partner = BankPartner.objects.filter(name=TEST_BANK).first()
        if partner is None:
            partner, secret = add_partner(SYSTEM, TEST_BANK, TEST_SERVICE, pem)
        else:
            secret = renew_secret(SYSTEM, partner.pk, pem)
    return Credentials(partner.client_id, partner.partner_code, partner.service_id, secret, key)
