"""Settings, all from the environment (docs/operator lists them), safe by default.

LINDUNG_DATA_DIR   where the embedded database, the keys and the logs live
DATABASE_URL       another PostgreSQL 15+ instead of the embedded one (the owner: migrates)
LINDUNG_APP_DATABASE_URL   the same database under a login that only belongs to the role lindung_app
LINDUNG_SECRET_KEY, LINDUNG_DATA_KEYS   instead of the keys file
LINDUNG_HOSTS      host names served, separated by commas
LINDUNG_HTTPS      1 when a proxy in front speaks TLS: secure cookies, HSTS
LINDUNG_DEBUG      1 for development only
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from lindung.core.crypto_keys import load_keys
from lindung.core.home import default_home

PACKAGE = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def database_from_url(url: str) -> dict[str, object]:
    """A Django database from postgresql:// with user, password, host, port, name and ?option=value."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


DATA_DIR = Path(os.environ.get("LINDUNG_DATA_DIR") or default_home() / "data")
DEBUG = _flag("LINDUNG_DEBUG")
_all_given = os.environ.get("LINDUNG_SECRET_KEY") and os.environ.get("LINDUNG_DATA_KEYS")
_keys = {} if _all_given else load_keys(DATA_DIR / "keys.json")
SECRET_KEY = os.environ.get("LINDUNG_SECRET_KEY") or _keys["secret_key"]
DATA_KEYS = os.environ.get("LINDUNG_DATA_KEYS") or _keys["data_keys"]

DATABASES = {
    "default": database_from_url(
        os.environ.get("LINDUNG_APP_DATABASE_URL") or os.environ.get("DATABASE_URL") or "postgresql:///lindung"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

HTTPS = _flag("LINDUNG_HTTPS")
ALLOWED_HOSTS = [h for h in os.environ.get("LINDUNG_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in ALLOWED_HOSTS] if HTTPS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "django_htmx",
    "csp",
    "axes",
    "lindung.core",
    "lindung.places",
    "lindung.people",
    "lindung.payers",
    "lindung.membership",
    "lindung.ledger",
    "lindung.contributions",
    "lindung.wages",
    "lindung.banking",
    "lindung.reconciliation",
    "lindung.selfpay",
    "lindung.assistance",
    "lindung.claims",
    "lindung.compliance",
    "lindung.coverage",
    "lindung.web",
]
MIDDLEWARE = [
    "lindung.web.middleware.Observe",
    "lindung.banking.door.BankDoor",
    "lindung.web.middleware.ApiDoor",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "lindung.web.middleware.ActAsUser",
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_CLIENT_IP_CALLABLE = "lindung.web.limits.address_of"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AUTH_USER_MODEL = "core.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "lindung.web.views.page_too_old"
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "sign_in", "home", "sign_in"

ROOT_URLCONF = "lindung.web.urls"
WSGI_APPLICATION = "lindung.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lindung.web.context.site",
            ],
        },
    }
]
# What an upload may weigh; formats/guard.py looks inside.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
MAX_WORKBOOK_BYTES = 50 * 2**20

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesia")), ("en", _("Inggris"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = os.environ.get("LINDUNG_TIME_ZONE", "Asia/Pontianak")

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# Logs are JSON lines without personal data: no query strings, no bodies, no SQL parameters.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "lindung.web.logs.DiscreetJson",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LINDUNG_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": [], "propagate": False},
        "procrastinate": {"level": "WARNING"},
        "axes": {"level": "ERROR"},  # its warnings quote the user name as typed
    },
}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_IMPORT_PATHS = ["lindung.core.jobs"]
SILENCED_SYSTEM_CHECKS: list[str] = []
