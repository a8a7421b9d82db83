"""Writes: registering an employer, and changing what is known of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.scope import require_payer, require_places
from lindung.payers import identity
from lindung.payers.drafts import (
    EmployerChanges,
    EmployerDraft,
    Identity,
    Read,
    check_day,
    provisional_npp,
    read_activity,
    read_draft,
    read_identity,
    read_programmes,
    read_scale,
)
from lindung.payers.keeping import record_from, standing_on
from lindung.payers.models import (
    Employer,
    EmployerActivity,
    EmployerChange,
    EmployerProgrammes,
    EmployerScale,
    Payer,
)

REGISTER, CHANGE = "payers.register", "payers.change"
_LOCK = 41  # of employers being registered, among the locks 7316 of this application


@transaction.atomic
def register_employer(actor: Actor, draft: EmployerDraft) -> Payer:
    """An employer with what it does, its size and programmes; the same one again returns the first, unchanged.

    A payer already known by its NPP becomes an employer. Without an NPP the NIB stands in until the branch gives one.
    Raises NotAllowed, InvalidInput, Conflict (number of another employer)."""
    actor.require(REGISTER)
    facts = read_draft(actor, draft)
    require_places(actor, [draft.identity.place_id])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7316, %s)", [_LOCK])
    known = _known(facts, draft.kind)
    if known is not None and Employer.objects.filter(pk=known.pk).exists():
        return known
    payer = known or Payer.objects.create(kind=draft.kind, **facts.payer, risk_group=facts.activity["risk_group"])
    Employer.objects.create(payer=payer, joined_on=draft.joined_on, registered_by=actor.name, **facts.employer)
    _keep(actor, payer, draft.joined_on, facts, draft.source, _("Pendaftaran"))
    _follow_risk_group(payer)
    record(
        actor, "payers.register_employer", f"payer:{payer.pk}",
        after={"npp": payer.npp, "nib": facts.employer["nib"], "risk_group": facts.activity["risk_group"],
               "firm_size": facts.scale["firm_size"], "joined_on": draft.joined_on.isoformat()},
    )  # fmt: skip
    return payer


def _known(facts: Read, kind: str) -> Payer | None:
    """The payer that has one of these numbers. Raises Conflict when it is somebody else's."""
    by_nib = Payer.objects.filter(employer__nib=facts.employer["nib"]).first() if facts.employer["nib"] else None
    by_npp = Payer.objects.filter(npp=facts.payer["npp"]).first()
    for payer, code, number in ((by_nib, "NIB", facts.employer["nib"]), (by_npp, "NPP", facts.payer["npp"])):
        if payer is not None and (payer.kind != kind or payer.name.casefold() != facts.payer["name"].casefold()):
            raise _taken(code, number, payer)
    if by_nib is not None and facts.payer["npp"] not in (by_nib.npp, provisional_npp(facts.employer["nib"])):
        raise _taken("NIB", facts.employer["nib"], by_nib)
    standing = Employer.objects.filter(payer=by_npp).first() if by_npp is not None else None
    if standing is not None and facts.employer["nib"] not in (None, standing.nib):
        raise _taken("NPP", facts.payer["npp"], standing.payer)
    return by_nib or by_npp


def _taken(code: str, number: str, payer: Payer) -> Conflict:
    return Conflict(
        f"{code.lower()}_taken",
        _("%(code)s %(number)s sudah terdaftar atas nama %(name)s (NPP %(npp)s).")
        % {"code": code, "number": number, "name": payer.name, "npp": payer.npp},
        field=code.lower(),
        way_out=_("Periksa kembali nomornya. Bila ini cabang dari perusahaan itu, tambahkan sebagai unit."),
        payer_id=payer.pk,
    )


@transaction.atomic
def change_employer(
    actor: Actor, payer_id: int, effective_on: date, reason: str, source: str, changes: EmployerChanges
) -> list[str]:
    """Change what is known of an employer from a day on, until the next later change already recorded; what was known
    before is kept. Returns the parts that changed; the same change again changes none.

    Raises NotAllowed, NotFound, InvalidInput, Conflict."""
    actor.require(CHANGE)
    payer = locked_employer(actor, payer_id)
    employer = payer.employer
    why = identity.read_text(reason, "reason", _("Alasan"), 250)
    rests_on = identity.read_text(source, "source", _("Sumber data"), 250)
    check_day(effective_on, "effective_on")
    if effective_on < employer.joined_on:
        raise InvalidInput(
            "before_joining",
            _("Tanggal berlaku lebih awal dari mulai kepesertaan, %(day)s.")
            % {"day": f"{employer.joined_on:%d-%m-%Y}"},
            field="effective_on", way_out=_("Isi tanggal mulai kepesertaan atau sesudahnya."),
        )  # fmt: skip
    changed = []
    if changes.identity is not None and _change_identity(actor, payer, effective_on, why, changes.identity):
        changed.append("identity")
    facts: list[tuple[str, Any, dict[str, Any]]] = []
    if changes.activity is not None:
        facts.append(("activity", EmployerActivity, read_activity(actor, changes.activity)))
    scale = standing_on(EmployerScale, {"payer": payer}, effective_on)
    firm_size = scale.firm_size if scale else ""
    if changes.scale is not None:
        read = read_scale(changes.scale, payer.kind, effective_on)
        firm_size = read["firm_size"]
        facts.append(("scale", EmployerScale, read))
    if changes.programmes is not None or changes.as_required:
        wanted = None if changes.as_required else read_programmes(changes.programmes, firm_size, effective_on)
        if wanted is not None or standing_on(EmployerProgrammes, {"payer": payer}, effective_on):
            facts.append(("programmes", EmployerProgrammes, {"programmes": wanted}))
    for part, model, values in facts:
        _row, is_new = record_from(model, {"payer": payer}, effective_on, values, actor, rests_on, why)
        if is_new:
            changed.append(part)
    if changed:
        _follow_risk_group(payer)
        record(
            actor, "payers.change_employer", f"payer:{payer_id}", why,
            after={"parts": changed, "effective_on": effective_on.isoformat()},
        )  # fmt: skip
    return changed


def follow_risk_groups(day: date) -> int:
    """Bring every payer's risk group in line with what was recorded to hold on this day; how many changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payers_payer p SET risk_group = a.risk_group FROM payers_employeractivity a"
            " WHERE a.payer_id = p.id AND a.superseded_at IS NULL AND a.valid @> %s"
            " AND p.risk_group IS DISTINCT FROM a.risk_group", [day],
        )  # fmt: skip
        return int(cursor.rowcount)


def _follow_risk_group(payer: Payer) -> None:
    now = standing_on(EmployerActivity, {"payer": payer}, today())
    if now is not None and payer.risk_group != now.risk_group:
        payer.risk_group = now.risk_group
        payer.save(update_fields=["risk_group"])


def _keep(actor: Actor, payer: Payer, day: date, facts: Read, source: str, reason: str) -> None:
    subject = {"payer": payer}
    record_from(EmployerActivity, subject, day, facts.activity, actor, source, reason)
    record_from(EmployerScale, subject, day, facts.scale, actor, source, reason)
    if facts.programmes is not None:
        record_from(EmployerProgrammes, subject, day, {"programmes": facts.programmes}, actor, source, reason)


def locked_employer(actor: Actor, payer_id: int) -> Payer:
    """The employer, for change. Raises NotFound."""
    require_payer(actor, payer_id)
    payer = Payer.objects.select_for_update(of=("self",)).filter(pk=payer_id, employer__isnull=False).first()
    if payer is None:
        raise NotFound("employer_not_found", _("Pemberi kerja tidak ditemukan."))
    return payer


def _change_identity(actor: Actor, payer: Payer, day: date, reason: str, given: Identity) -> bool:
    """Write what differs, with its history. Raises Conflict."""
    require_places(actor, [given.place_id])
    facts, numbers = read_identity(given, payer.kind)
    employer = payer.employer
    others = Payer.objects.exclude(pk=payer.pk)
    if numbers["nib"] and (other := others.filter(employer__nib=numbers["nib"]).first()):
        raise _taken("NIB", numbers["nib"], other)
    if other := others.filter(npp=facts["npp"]).first():
        raise _taken("NPP", facts["npp"], other)
    pairs = [(payer, facts), (employer, numbers)]
    before = {name: getattr(row, name) for row, new in pairs for name in new if getattr(row, name) != new[name]}
    if not before:
        return False
    for row, new in pairs:
        for name, value in new.items():
            setattr(row, name, value)
        row.save(update_fields=list(new))
    after = {name: (facts | numbers)[name] for name in before}
    EmployerChange.objects.create(
        payer=payer, effective_on=day, before=before, after=after, reason=reason, recorded_by=actor.name
    )
    return True
