"""Who acts, what they may do, and where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.core.errors import NotAllowed
from lindung.core.postgres import APP_ROLE, COMPANY_ROLE

# Place keys have ten digits; a place's subtree is one range of keys (see places).
EVERYWHERE = ((0, 9_999_999_999),)


@dataclass(frozen=True)
class Actor:
    """Someone, or a program, that reads and writes.

    `scope` lists ranges of place keys, both ends included; outside of them PostgreSQL shows and accepts nothing.
    `payers` is set for an employer's own staff, who have no area: PostgreSQL shows them these payers' rows only."""

    user_id: int | None
    name: str
    role: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    scope: tuple[tuple[int, int], ...] = ()
    payers: tuple[int, ...] | None = None

    def may(self, permission: str) -> bool:
        return permission in self.permissions or "*" in self.permissions

    def require(self, permission: str) -> None:
        """Raises NotAllowed unless the actor's role includes the permission."""
        if not self.may(permission):
            raise NotAllowed(
                "not_allowed",
                _("Peran Anda tidak mencakup tindakan ini."),
                way_out=_("Minta petugas yang berwenang, atau administrator untuk mengubah peran Anda."),
                permission=permission,
            )

    @property
    def scope_literal(self) -> str:
        """The scope as a PostgreSQL int8multirange."""
        return "{" + ",".join(f"[{low},{high}]" for low, high in self.scope) + "}"

    @property
    def payers_literal(self) -> str:
        """The payers as a PostgreSQL bigint[]; empty for whoever has an area instead."""
        return "" if self.payers is None else "{" + ",".join(map(str, self.payers)) + "}"

    @property
    def database_role(self) -> str:
        return APP_ROLE if self.payers is None else COMPANY_ROLE


SYSTEM = Actor(None, "sistem", "system", frozenset({"*"}), EVERYWHERE)
NOBODY = Actor(None, "tamu", "guest")

_current: ContextVar[Actor] = ContextVar("lindung_actor", default=NOBODY)


def on_behalf(actor: Actor) -> Actor:
    """The same person, seeing everything: for an act that needs more than an employer's staff may see, such as looking
    for a worker in the register. Only after the payer was checked (`core.scope.require_payer`)."""
    return replace(actor, scope=EVERYWHERE, payers=None)


def current_actor() -> Actor:
    """The actor of the enclosing `acting_as`, or NOBODY."""
    return _current.get()


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """One database transaction in which PostgreSQL knows the actor: the application's role (so that row-level
    security holds even on an owner's connection), the actor's identity and the actor's scope. Nested use narrows to
    the inner actor and returns to the outer one."""
    token = _current.set(actor)
    outermost = not connection.in_atomic_block  # the settings end with our own transaction
    try:
        with transaction.atomic():
            before = None if outermost else _state()
            _set_state(actor.database_role, str(actor.user_id or ""), actor.scope_literal, actor.payers_literal)
            yield actor
            # A rollback, to the savepoint or of the whole, restores the settings by itself.
            if before and not connection.needs_rollback:
                _set_state(*before)
    finally:
        _current.reset(token)


def _state() -> tuple[str, str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, coalesce(current_setting('lindung.actor', true), ''),"
            " coalesce(nullif(current_setting('lindung.scope', true), ''), '{}'),"
            " coalesce(current_setting('lindung.payers', true), '')"
        )
        row: tuple[str, str, str, str] = cursor.fetchone()
    return row


def _set_state(role: str, user_id: str, scope: str, payers: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('lindung.actor', %s, true),"
            " set_config('lindung.scope', %s, true), set_config('lindung.payers', %s, true)",
            [role, user_id, scope, payers],
        )
