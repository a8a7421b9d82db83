"""People who sign in."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lindung.core.actors import Actor
from lindung.core.errors import InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.models import User
from lindung.places.models import Place
from lindung.web.roles import ROLES


def user_named(username: str) -> User:
    """Raises NotFound."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound("user_not_found", f"Pengguna «{username}» tidak ada.", way_out="Buat dengan: lindung user create")
    return user


def add_user(
    actor: Actor, username: str, name: str, role: str, place_code: str, password: str, title: str = "",
    check_password: bool = True,
) -> User:
    """A new user with a role and a place; an existing user is returned unchanged. Raises InvalidInput, NotFound."""
    actor.require("users.manage")
    if existing := User.objects.filter(username=username).first():
        return existing
    if role not in ROLES:
        raise InvalidInput("role_unknown", f"Peran «{role}» tidak ada. Pilih: {', '.join(ROLES)}.", field="role")
    place = Place.objects.filter(code=place_code).first()
    if place is None:
        raise NotFound("place_not_found", f"Kode wilayah «{place_code}» tidak ada. Contoh: 61.12.", field="place")
    user = User(username=username, first_name=name[:150], role=role, place_keys=[place.key], title=title)
    if check_password:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise InvalidInput("password_weak", " ".join(error.messages), field="password") from error
    user.set_password(password)
    user.save()
    record(actor, "user.add", f"user:{user.pk}", role)
    return user
