"""People who sign in."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lindung.core.actors import Actor
from lindung.core.errors import InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.models import User
from lindung.payers.models import Payer
from lindung.places.models import Place
from lindung.web.roles import ROLES
from lindung.web.tokens import revoke_tokens


def user_named(username: str) -> User:
    """Raises NotFound."""
    user = User.objects.filter(username=username).first()
    if user is None:
        way_out = "Buat dengan: lindung user create"
        raise NotFound("user_not_found", f"Pengguna «{username}» tidak ada.", way_out=way_out)
    return user


def add_user(
    actor: Actor,
    username: str,
    name: str,
    role: str,
    place_code: str,
    password: str,
    title: str = "",
    check_password: bool = True,
    npp: str = "",
) -> User:
    """A new user with a role and a place, or for an employer's staff the number (NPP) of the employer; an existing user
    is returned unchanged. Raises InvalidInput, NotFound."""
    actor.require("users.manage")
    if existing := User.objects.filter(username=username).first():
        return existing
    if role not in ROLES:
        raise InvalidInput("role_unknown", f"Peran «{role}» tidak ada. Pilih: {', '.join(ROLES)}.", field="role")
    where = {"payer_ids": _payers(npp)} if ROLES[role].company else {"place_keys": _places(place_code)}
    user = User(username=username, first_name=name[:150], role=role, title=title, **where)
    if check_password:
        _check_password(password, user)
    user.set_password(password)
    user.save()
    record(actor, "user.add", f"user:{user.pk}", role)
    return user


def _places(code: str) -> list[int]:
    keys = list(Place.objects.filter(code=code).values_list("key", flat=True))
    if not keys:
        raise NotFound("place_not_found", f"Kode wilayah «{code}» tidak ada. Contoh: 61.12.", field="place")
    return keys


def _payers(npp: str) -> list[int]:
    ids = list(Payer.objects.filter(npp=npp.strip().upper()).values_list("pk", flat=True))
    if not ids:
        raise NotFound("payer_not_found", f"Tidak ada perusahaan dengan NPP «{npp}».", field="npp")
    return ids


def set_password(actor: Actor, username: str, password: str) -> User:
    """A new password; Django ends the sessions of the old one by itself. Raises NotFound, InvalidInput."""
    actor.require("users.manage")
    user = user_named(username)
    _check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor, "user.set_password", f"user:{user.pk}")
    return user


def deactivate_user(actor: Actor, username: str, reason: str) -> User:
    """Shut someone out at once: no sign-in, no session, no token. What they did stays. Raises NotFound."""
    actor.require("users.manage")
    user = user_named(username)
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        revoke_tokens(actor, user)
        record(actor, "user.deactivate", f"user:{user.pk}", reason)
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput("password_weak", " ".join(error.messages), field="password") from error
