"""What PostgreSQL itself enforces: least privilege, append-only tables, row-level security.

Models declare (`append_only`, `sealed`, `scope_column`); this module turns the declarations into SQL after every
migration, so that no table can be forgotten. All statements can be repeated."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models import Model

from lindung.core.postgres import APP_ROLE, COMPANY_ROLE

ROLE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
    CREATE ROLE {APP_ROLE} NOLOGIN;
  END IF;
  IF NOT pg_has_role(current_user, '{APP_ROLE}', 'MEMBER') THEN
    EXECUTE format('GRANT {APP_ROLE} TO %I', current_user);
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{COMPANY_ROLE}') THEN
    CREATE ROLE {COMPANY_ROLE} NOLOGIN;
  END IF;
  -- The site turns into this role for an employer's staff, and must not have its rights and policies otherwise.
  IF NOT EXISTS (SELECT 1 FROM pg_auth_members
                  WHERE roleid = '{COMPANY_ROLE}'::regrole AND member = '{APP_ROLE}'::regrole) THEN
    IF current_setting('server_version_num')::integer >= 160000 THEN
      EXECUTE 'GRANT {COMPANY_ROLE} TO {APP_ROLE} WITH INHERIT FALSE, SET TRUE';  -- 15 cannot even read it
    ELSE
      ALTER ROLE {APP_ROLE} NOINHERIT;
      GRANT {COMPANY_ROLE} TO {APP_ROLE};
    END IF;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO {APP_ROLE}, {COMPANY_ROLE};
"""

GRANTS = f"""
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {COMPANY_ROLE};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {COMPANY_ROLE};
-- What an employer's staff do and look at is logged like everybody's.
GRANT INSERT, SELECT (id, at) ON core_actionentry, core_accessentry TO {COMPANY_ROLE};
REVOKE ALL ON django_migrations FROM {APP_ROLE}; GRANT SELECT ON django_migrations TO {APP_ROLE};
-- Row-level security holds on a partitioned table, not on its partitions: nobody reads or writes those directly.
DO $$ DECLARE part regclass; BEGIN
  FOR part IN SELECT c.oid FROM pg_class c WHERE c.relispartition AND c.relkind = 'r'
                 AND c.relnamespace = 'public'::regnamespace LOOP
    EXECUTE format('REVOKE ALL ON %s FROM {APP_ROLE}', part);
  END LOOP;
END $$;
"""

APPEND_ONLY = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION core_forbid_change();
CREATE OR REPLACE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION core_forbid_change();
REVOKE ALL ON {table} FROM {role};
GRANT SELECT, INSERT ON {table} TO {role};
"""

# The planner guesses half of the rows for a CASE, one in two hundred for a bare `<@`, and then loops over everything.
SCOPED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS by_place ON {table};
CREATE POLICY by_place ON {table} TO {role}
  USING (CASE WHEN {column} <@ (SELECT core_scope()) THEN true END) WITH CHECK ({column} <@ (SELECT core_scope()));
"""

COMPANY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
GRANT {rights} ON {table} TO {role};
DROP POLICY IF EXISTS by_company ON {table};
CREATE POLICY by_company ON {table} TO {role} USING ({rows}) WITH CHECK ({rows});
"""

# A table that only companies are kept from.
EVERYBODY_ELSE = """
DROP POLICY IF EXISTS everybody_else ON {table};
CREATE POLICY everybody_else ON {table} TO {role} USING (true) WITH CHECK (true);
"""


def apply_after_migrate(app_config: AppConfig, using: str, **_: Any) -> None:
    """Signal receiver: Django sends it once per app, after all of them have migrated."""
    if app_config.label == "core":
        apply(using)


def apply(using: str = "default") -> None:
    """Bring grants, triggers and policies in line with the models. Needs the owner's connection."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(ROLE)
        cursor.execute(GRANTS)
        for model in apps.get_models():
            if model._meta.db_table in tables:
                cursor.execute(statements_for(model))
        # Read by `are_applied`. The function is the oldest thing of ours that is sure to be there.
        cursor.execute(f"COMMENT ON FUNCTION core_scope() IS '{_digest()}'")


def are_applied(using: str = "default") -> bool:
    """Whether the last `apply` was with these very declarations."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regprocedure('core_scope()'), 'pg_proc')")
        return bool(cursor.fetchone() == (_digest(),))


def _digest() -> str:
    statements = ROLE + GRANTS + "".join(statements_for(model) for model in apps.get_models())
    return f"guards {sha256(statements.encode()).hexdigest()}"


def statements_for(model: type[Model]) -> str:
    """The SQL that guards one model's table; empty for tables of others."""
    table = f'"{model._meta.db_table}"'
    sql = "SELECT 1;"
    if getattr(model, "append_only", False):
        sql += APPEND_ONLY.format(table=table, role=APP_ROLE)
    if getattr(model, "sealed", False):
        sql += f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {APP_ROLE};"
    if column := getattr(model, "scope_column", ""):
        sql += SCOPED.format(table=table, column=f'"{column}"', role=APP_ROLE)
    return sql + _for_companies(model, table)


def _for_companies(model: type[Model], table: str) -> str:
    rows = getattr(model, "company_rows", "")
    if not rows:
        return ""
    columns = ", ".join(getattr(model, "company_columns", ()))
    rights = f"SELECT ({columns})" if columns else "SELECT"
    if getattr(model, "company_writes", False):
        rights += ", INSERT" if getattr(model, "append_only", False) else ", INSERT, UPDATE"
    sql = COMPANY.format(table=table, rights=rights, rows=rows, role=COMPANY_ROLE)
    return sql if getattr(model, "scope_column", "") else sql + EVERYBODY_ELSE.format(table=table, role=APP_ROLE)
