"""Tokens for programs. The token itself is shown once; only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from lindung.core.actors import Actor
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


def actor_of_token(token: str) -> Actor | None:
    """The actor of a valid, unexpired, unrevoked token of an active user."""
    found = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest_of(token), revoked_at__isnull=True, user__is_active=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))
        .first()
    )
    return actor_for(found.user) if found else None
