"""Tokens for programs. The token itself is shown once; only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from lindung.core.actors import Actor
from lindung.core.errors import NotFound
from lindung.core.log import record
from lindung.core.models import ApiToken, User
from lindung.web.roles import actor_for


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_token(actor: Actor, user: User, name: str, expires_at: datetime | None = None) -> str:
    """A new token for a user; returned once. Needs `users.manage` unless it is the actor's own."""
    if actor.user_id != user.pk:
        actor.require("users.manage")
    token = f"lindung_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(user=user, name=name, digest=digest_of(token), expires_at=expires_at)
    record(actor, "token.make", f"user:{user.pk}", name)
    return token


def revoke_tokens(actor: Actor, user: User, name: str = "") -> int:
    """Revoke a user's tokens, of this name or all of them; how many. Needs `users.manage` unless they are the actor's
    own. Raises NotFound when none of the name is still valid."""
    if actor.user_id != user.pk:
        actor.require("users.manage")
    valid = ApiToken.objects.filter(user=user, revoked_at__isnull=True)
    revoked = (valid.filter(name=name) if name else valid).update(revoked_at=timezone.now())
    if name and not revoked:
        raise NotFound("token_not_found", f"Token «{name}» tidak ada atau sudah dicabut.", field="name")
    if revoked:
        record(actor, "token.revoke", f"user:{user.pk}", name)
    return revoked


def actor_of_token(token: str) -> Actor | None:
    """The actor of a valid, unexpired, unrevoked token of an active user."""
    found = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest_of(token), revoked_at__isnull=True, user__is_active=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))
        .first()
    )
    return actor_for(found.user) if found else None
