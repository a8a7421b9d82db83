"""Commands for users and their tokens."""

from __future__ import annotations

from pathlib import Path

from lindung.web.runtime import runtime


def create_user(
    data_dir: Path | None, username: str, role: str, place: str, name: str, password: str, npp: str = ""
) -> None:
    """Add a user; the password must pass the validators. Raises Conflict when there is one of this name."""
    with runtime(data_dir):
        from lindung.core.actors import SYSTEM, acting_as
        from lindung.core.errors import Conflict
        from lindung.core.models import User
        from lindung.web.users import add_user

        with acting_as(SYSTEM):
            if User.objects.filter(username=username).exists():
                way_out = "Kata sandi baru: lindung user password"
                raise Conflict("user_exists", f"Pengguna «{username}» sudah ada.", way_out=way_out)
            add_user(SYSTEM, username, name or username, role, place, password, npp=npp)


def create_token(data_dir: Path | None, username: str, name: str) -> str:
    """A new token of the user."""
    with runtime(data_dir):
        from lindung.core.actors import SYSTEM, acting_as
        from lindung.web.tokens import make_token
        from lindung.web.users import user_named

        with acting_as(SYSTEM):
            return make_token(SYSTEM, user_named(username), name)


def revoke(data_dir: Path | None, username: str, name: str) -> int:
    """How many tokens of this name are worthless now."""
    with runtime(data_dir):
        from lindung.core.actors import SYSTEM, acting_as
        from lindung.web.tokens import revoke_tokens
        from lindung.web.users import user_named

        with acting_as(SYSTEM):
            return revoke_tokens(SYSTEM, user_named(username), name)


def deactivate(data_dir: Path | None, username: str, reason: str) -> None:
    """Shut the user out."""
    with runtime(data_dir):
        from lindung.core.actors import SYSTEM, acting_as
        from lindung.web.users import deactivate_user

        with acting_as(SYSTEM):
            deactivate_user(SYSTEM, username, reason)


def change_password(data_dir: Path | None, username: str, password: str) -> None:
    """Set the user's password; it must pass the validators."""
    with runtime(data_dir):
        from lindung.core.actors import SYSTEM, acting_as
        from lindung.web.users import set_password

        with acting_as(SYSTEM):
            set_password(SYSTEM, username, password)
