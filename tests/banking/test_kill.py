"""`lindung serve` is killed with signal 9 while a bank tells of payments; the bank tells again; both books agree."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from installation import environment, in_django
from operation.conftest import directory, installed, migrated  # noqa: F401
from operation.site import Site, serving

from lindung.banking.testbank import Credentials, TestBank

pytestmark = pytest.mark.slow
BILLS, TELLERS, DUE = 60, 4, 16_800

AGREE = f"""
import json
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from banking.conftest import TREASURER, code_of, make_bills, pem_of
from lindung.banking.actions import add_partner
from lindung.core.actors import SYSTEM, acting_as
from world import make_world

key = generate_private_key(65537, 2048)
bills = make_bills(make_world(), payers={BILLS})
with acting_as(SYSTEM):
    partner, secret = add_partner(SYSTEM, "Bank Uji", "88899", pem_of(key))
pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
print(json.dumps([partner.client_id, secret, pem, [code_of(bill) for bill in bills]]))
"""
BOOKS = """
import json
from django.db import connection
from lindung.core.log import verify_chain
with connection.cursor() as cursor:
    cursor.execute("SELECT reference, amount FROM contributions_payment ORDER BY 1")
    payments = cursor.fetchall()
    cursor.execute("SELECT count(DISTINCT bill_id), sum(amount)::bigint FROM contributions_settlement")
    settled = cursor.fetchone()
print(json.dumps([payments, settled, verify_chain().problem]))
"""


def web_processes(site: Site) -> list[int]:
    """Granian and its workers."""
    found = []
    for pid in site.descendants():
        try:
            if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
        except OSError:
            continue
    return found


def kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_nothing_is_lost_or_doubled(installed: Path, tmp_path: Path) -> None:  # noqa: F811
    client_id, secret, pem, codes = json.loads(in_django(AGREE, environment(installed)))
    key = load_pem_private_key(pem.encode(), None)
    told: set[str] = set()
    with serving(installed, tmp_path / "serve.log") as site:
        bank = TestBank(
            f"http://127.0.0.1:{site.port}", Credentials(client_id, "88899", "88899", secret, key), timeout=5
        )  # type: ignore[arg-type]
        assert bank.ask_token().code == "2007300"
        lock, waiting, silent = threading.Lock(), list(codes), []

        def teller() -> None:
            while True:
                with lock:
                    if not waiting:
                        return
                    code = waiting.pop()
                answer = bank.pay(code, f"p-{code}", DUE)
                while answer.code != "2002500":
                    assert answer.status in {0, 500, 502, 503}, answer
                    silent.append(code)
                    time.sleep(0.05)
                    answer = bank.pay(code, f"p-{code}", DUE, advice=True)
                with lock:
                    told.add(f"VA-88899-p-{code}")

        threads = [threading.Thread(target=teller) for _ in range(TELLERS)]
        bank.token()
        for thread in threads:
            thread.start()
        for killed in range(2):
            while len(told) < (killed + 1) * BILLS // 4:
                time.sleep(0.01)
            kill(web_processes(site)[1 - killed :])  # first a worker, then all
        for thread in threads:
            thread.join(60)
        assert silent, "the kills were noticed"
    payments, settled, problem = json.loads(in_django(BOOKS, environment(installed)))
    assert {reference for reference, _ in payments} == told and len(payments) == len(told) == BILLS
    assert settled == [BILLS, BILLS * DUE] and problem == ""
