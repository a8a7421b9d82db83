"""What no answer of the site and of the API may show, whoever asks."""

from __future__ import annotations

import re

from django.http import HttpResponse
from lxml import html

from web.small_world import ACCOUNT

ADDRESSES = {"src", "href", "action", "formaction", "data", "poster", "srcset"}
BANK_FILE = {"claims:batch_file", "/claims/batches/{batch_id}/file"}
BANK_FILE_READERS = {"branch_verifier", "branch_approver"}


def check_account(route: str, method: str, answers: dict[str, HttpResponse]) -> None:
    """The account number leaves whole in the bank file only: everywhere else it is masked or absent."""
    shown = {role for role, answer in answers.items() if ACCOUNT in answer.content.decode(errors="replace")}
    assert shown == (BANK_FILE_READERS if route in BANK_FILE and method == "GET" else set())


def check_pages(answers: dict[str, HttpResponse]) -> None:
    """Pages run no foreign and no inline code, and lead to no other site. Pages that are alike are read once."""
    pages = [answer for answer in answers.values() if answer["Content-Type"].startswith("text/html")]
    for answer in pages:
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"
    for content in {answer.content for answer in pages} - {b""}:
        tree = html.fromstring(content)
        assert not tree.xpath("//style | //*[@style] | //script[not(@src)]")
        attributes = [(name, value) for part in tree.iter(html.etree.Element) for name, value in part.attrib.items()]
        assert not [name for name, _ in attributes if name[:2] == "on"]
        outside = r"(?i)\s*(https?:)?//|\s*javascript:"
        assert not [value for name, value in attributes if name in ADDRESSES and re.match(outside, value)]
