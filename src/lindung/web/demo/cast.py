"""Who signs in to the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lindung.core.actors import SYSTEM, Actor
from lindung.web.roles import ROLES, actor_for
from lindung.web.users import add_user, user_named

PASSWORD: Final = "lindung-contoh-2026"  # pragma: allowlist secret  a demonstration database only


@dataclass(frozen=True)
class DemoUser:
    """A user of the demonstration: role and place as in a real office."""

    username: str
    name: str
    role: str
    place: str
    title: str


USERS: Final = (
    DemoUser("petugas", "Dewi Lestari", "regency_officer", "61.12", "Pengelola bantuan iuran, Disnakertrans"),
    DemoUser("pejabat", "Ahmad Fauzi", "regency_approver", "61.12", "Kepala Disnakertrans"),
    DemoUser("desa", "Yohanes Kolin", "village_operator", "61.12.01.2004", "Operator Desa Kuala Dua"),
    DemoUser("verifikator", "Ratna Sari", "branch_verifier", "61.12", "Penata pelayanan, cabang Pontianak"),
    DemoUser("penyetuju", "Bambang Wijaya", "branch_approver", "61.12", "Kepala bidang pelayanan, cabang Pontianak"),
    DemoUser("auditor", "Lim Mei Hua", "auditor", "61.12", "Auditor Inspektorat"),
    DemoUser("pimpinan", "Bupati Kubu Raya (contoh)", "leadership", "61.12", "Bupati"),
    DemoUser("admin", "Administrator", "administrator", "61.12", "Administrator sistem"),
)


def add_users() -> None:
    """All users of the demonstration; repeatable."""
    for user in USERS:
        add_user(SYSTEM, user.username, user.name, user.role, user.place, PASSWORD, user.title, check_password=False)


def actor(username: str) -> Actor:
    """The actor that a user of the demonstration is."""
    return actor_for(user_named(username))


def described() -> list[dict[str, str]]:
    """For the sign-in page and the summary: user name, name, role, title."""
    return [{"username": u.username, "name": u.name, "role": str(ROLES[u.role].title), "title": u.title} for u in USERS]
