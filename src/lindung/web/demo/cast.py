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
    npp: str = ""  # of an employer's staff


USERS: Final = (
    DemoUser("petugas", "Dewi Lestari", "regency_officer", "61.12", "Pengelola bantuan iuran, Disnakertrans"),
    DemoUser("pejabat", "Ahmad Fauzi", "regency_approver", "61.12", "Kepala Disnakertrans"),
    DemoUser("desa", "Yohanes Kolin", "village_operator", "61.12.01.2004", "Operator Desa Kuala Dua"),
    DemoUser("verifikator", "Ratna Sari", "branch_verifier", "61.12", "Penata pelayanan, cabang Pontianak"),
    DemoUser("penyetuju", "Bambang Wijaya", "branch_approver", "61.12", "Kepala bidang pelayanan, cabang Pontianak"),
    DemoUser("kepesertaan", "Siti Rahmah", "branch_relations", "61.12", "Account representative, cabang Pontianak"),
    DemoUser("keuangan", "Hendra Gunawan", "branch_finance", "61.12", "Penata keuangan, cabang Pontianak"),
    DemoUser("hr", "Agnes Monika", "company_hr", "", "HR, PT Contoh Kapuas Sejahtera", npp="90002001"),
    DemoUser("auditor", "Lim Mei Hua", "auditor", "61.12", "Auditor Inspektorat"),
    DemoUser("pimpinan", "Bupati Kubu Raya (contoh)", "leadership", "61.12", "Bupati"),
    DemoUser("admin", "Administrator", "administrator", "61.12", "Administrator sistem"),
)


def add_users(*, staff: bool = False) -> None:
    """The users of the demonstration, or the staff of its employers once these are there; repeatable."""
    for user in USERS:
        if bool(user.npp) == staff:
            add_user(
                SYSTEM, user.username, user.name, user.role, user.place, PASSWORD, user.title, check_password=False,
                npp=user.npp,
            )  # fmt: skip


def actor(username: str) -> Actor:
    """The actor that a user of the demonstration is."""
    return actor_for(user_named(username))


def described() -> list[dict[str, str]]:
    """For the sign-in page and the summary: user name, name, role, title."""
    return [{"username": u.username, "name": u.name, "role": str(ROLES[u.role].title), "title": u.title} for u in USERS]
