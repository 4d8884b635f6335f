"""Django settings. Everything that differs between machines comes from the environment.

| variable | meaning | default |
|---|---|---|
| DATABASE_URL | postgresql://user:password@host:port/name | none: no database |
| DATABASE_POOL | most connections of a process | 10 |
| DATABASE_PREPARES | 0: behind a pooler that keeps no prepared statements | 1 |
| REDIS_URL | broker, event streams and counters | redis://127.0.0.1:6379/0 |
| SECRET_KEY or SECRET_KEY_FILE | signs sessions | none: refuses to sign |
| IDENTITY_KEY or IDENTITY_KEY_FILE | keys the hashes of patient codes and file names | SECRET_KEY |
| MEDIA_ROOT | folder where images are stored, without MEDIA_S3_BUCKET | .overread/media |
| MEDIA_S3_BUCKET | bucket of an S3-compatible store, instead of the folder | none |
| MEDIA_S3_ENDPOINT, MEDIA_S3_REGION | its address and region | those of AWS |
| MEDIA_S3_LINK_ENDPOINT | its address for browsers, in signed links | MEDIA_S3_ENDPOINT |
| MEDIA_S3_LINKS | 0: downloads go through us instead of by signed links | 1 |
| AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY | for the bucket, read by boto3 | the machine's role |
| ALLOWED_HOSTS | comma-separated host names | localhost, 127.0.0.1, [::1] |
| PLAIN_HTTP | 1: served without TLS (one machine) | 0: cookies need HTTPS |
| BEHIND_PROXY | 1: a proxy in front sets X-Forwarded-Proto and X-Forwarded-For | 0 |
| TRUSTED_PROXIES | comma-separated networks of our proxies | whoever connects: one hop |
| SIGN_IN_FAILURES | wrong passwords for one name from one address until it is locked | 10 |
| SIGN_IN_COOL_OFF_SECONDS | how long such a lock lasts | 300 |
| SSL_REDIRECT | 0: the proxy in front sends plain HTTP away | 1 |
| PORT, EVENTS_PORT | ports of the page and of the event streams on one machine | none |
| EVENTS_URL | base address of the event streams; wins over EVENTS_PORT | none: same origin |
| SITE_ORIGINS | origins of the page, https://audit.example.org | the request's own host at PORT |
| GROUNDER, PARSER | backends of new audits that name none | embedded, rules |
| GROUNDERS, PARSERS | comma-separated: what an audit or batch may name besides | none |
| BACKEND_QUEUES | backend=queue,...: where its steps are done | nemotron=gpu |
| BATCH_SIZES | backend=number,...: images grounded in one go | medgemma=8,remote=8 |
| WORKER_MAX_MEMORY_MB | a worker's process that has grown past it is replaced; 0: never | 3000 |
| GPU_MIN_FREE_MB | with less of a GPU free, images are grounded one by one | 1000 |
| STEP_LEASE_SECONDS | how long a step is a worker's without a sign of life | 20 |
| RECONCILE_SECONDS | how often what was lost is looked for | 5 |
| WORKER_SILENT_SECONDS | after how long a silent worker counts as gone | 60 |
| IMPORT_MAX_GB | largest upload of a bulk import, and what it may unpack to | 100 |
| IMPORT_KEEP_HOURS | how long an upload that nobody goes on with is kept | 72 |
| DICOMWEB_USER, DICOMWEB_PASSWORD (or _FILE) | account on the PACS of `pull_dicomweb` | none |
| DICOMWEB_TOKEN (or _FILE) | bearer token for it instead | none |
| WEBHOOK_ALLOW_PRIVATE | 1: webhooks may reach private addresses, by plain HTTP too | 0 |
| ADMINISTRATORS_NEED_SECOND_FACTOR | 1: without one they may only turn it on | 0 |
| OIDC_ISSUER | address of an OpenID Connect provider to sign in by | none |
| OIDC_CLIENT_ID, OIDC_CLIENT_SECRET (or _FILE) | what it knows us by | none |
| OIDC_NAME | how the sign-in page calls it | single sign-on |
| OIDC_SIGN_UP | 1: whom it knows and we do not becomes a new reviewer | 0 |
| DEMO | 1: the sign-in page shows the demo accounts | 0 |
| DEBUG | 1: development only | 0 |
"""

import os
from pathlib import Path
from typing import Any

from auditsite import environment as env

# Read when Arrow is first imported. Its own allocators keep what they once had: 22 MB of each
# process that ever wrote a release.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
SECRET_KEY = env.secret("SECRET_KEY")
IDENTITY_KEY = env.secret("IDENTITY_KEY")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")

INSTALLED_APPS = [
    "audits.apps.Administration",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "audits.apps.AuditsConfig",
]

MIDDLEWARE = [
    "audits.middleware.read_up",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "audits.middleware.content_security_policy",
    "audits.middleware.request_address",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "auditsite.urls"
WSGI_APPLICATION = "auditsite.wsgi.application"
ASGI_APPLICATION = "auditsite.asgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Without DATABASE_URL the pure parts (schema, type checks, tests of inference) still load.
DATABASE_URL = env.text("DATABASE_URL")
DATABASES: dict[str, dict[str, Any]] = (
    {
        "default": env.postgres(
            DATABASE_URL,
            env.number("DATABASE_POOL", 10),
            prepares=env.flag("DATABASE_PREPARES", default=True),
        )
    }
    if DATABASE_URL
    else {}
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "overread",
    }
}

AUTH_USER_MODEL = "audits.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

ADMINISTRATORS_NEED_SECOND_FACTOR = env.flag("ADMINISTRATORS_NEED_SECOND_FACTOR")
SIGN_IN_FAILURES = env.number("SIGN_IN_FAILURES", 10)
SIGN_IN_COOL_OFF_SECONDS = env.number("SIGN_IN_COOL_OFF_SECONDS", 300)

# Single sign-on. Of allauth only this is in use: passwords and codes are checked by our own API.
OIDC_ISSUER = env.text("OIDC_ISSUER").rstrip("/")
OIDC_NAME = env.text("OIDC_NAME", "single sign-on")
OIDC_SIGN_UP = env.flag("OIDC_SIGN_UP")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": env.oidc_apps(OIDC_ISSUER, OIDC_NAME),
        "OAUTH_PKCE_ENABLED": True,
    }
}
SOCIALACCOUNT_ADAPTER = "audits.single_sign_on.SingleSignOn"
SOCIALACCOUNT_LOGIN_ON_GET = True
ACCOUNT_ADAPTER = "audits.single_sign_on.Accounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
LOGIN_REDIRECT_URL = "/"

# Transport. PLAIN_HTTP is for one machine without TLS; every other set-up gets secure cookies.
PLAIN_HTTP = env.flag("PLAIN_HTTP")
SESSION_COOKIE_SECURE = not PLAIN_HTTP
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not PLAIN_HTTP
SECURE_SSL_REDIRECT = not PLAIN_HTTP and env.flag("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^ready$"]
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 31_536_000
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

PORT = env.number("PORT", 0)
EVENTS_PORT = env.number("EVENTS_PORT", 0)
EVENTS_URL = env.text("EVENTS_URL").rstrip("/")
SITE_ORIGINS = env.names("SITE_ORIGINS")
CSRF_TRUSTED_ORIGINS = [origin for origin in SITE_ORIGINS if "://" in origin]
CSRF_FAILURE_VIEW = "audits.api.errors.csrf_failure"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

# The built page is served straight from its folder: no collectstatic step.
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATIC_URL = "/static/"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/.+-[\w-]{8}\.\w+(\.map)?$"

MEDIA_ROOT = Path(env.text("MEDIA_ROOT") or BASE_DIR / ".overread" / "media")
MEDIA_S3_LINKS = env.flag("MEDIA_S3_LINKS", default=True)
STORAGES = {
    **env.media_stores(
        bucket=env.text("MEDIA_S3_BUCKET"),
        endpoint=env.text("MEDIA_S3_ENDPOINT"),
        link_endpoint=env.text("MEDIA_S3_LINK_ENDPOINT"),
        region=env.text("MEDIA_S3_REGION"),
    ),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 2**20

# Intake limits.
IMAGE_MAX_BYTES = 50 * 2**20
DRAFT_MAX_CHARS = 200_000

# Bulk imports: of the upload and of what it unpacks to, of one chunk, and how long an upload that
# nobody goes on with is kept.
IMPORT_MAX_BYTES = env.number("IMPORT_MAX_GB", 100) * 2**30
IMPORT_CHUNK_BYTES = 8 * 2**20
IMPORT_KEEP_HOURS = env.number("IMPORT_KEEP_HOURS", 72)

DICOMWEB_USER = env.text("DICOMWEB_USER")
DICOMWEB_PASSWORD = env.secret("DICOMWEB_PASSWORD")
DICOMWEB_TOKEN = env.secret("DICOMWEB_TOKEN")

GROUNDERS = env.names("GROUNDERS")
PARSERS = env.names("PARSERS")
GROUNDER = env.text("GROUNDER") or [*GROUNDERS, "embedded"][0]
PARSER = env.text("PARSER") or [*PARSERS, "rules"][0]
# Grounders work on the queue gpu and parsers on cpu, but for these.
BACKEND_QUEUES = {"nemotron": "gpu", **env.table("BACKEND_QUEUES")}
BATCH_SIZES = {"medgemma": 8, "remote": 8, **env.numbers("BATCH_SIZES")}
WORKER_MAX_MEMORY_MB = env.number("WORKER_MAX_MEMORY_MB", 3000)
GPU_MIN_FREE_MB = env.number("GPU_MIN_FREE_MB", 1000)
# A worker that has not been heard of for so long no longer counts as there.
WORKER_SILENT_SECONDS = env.number("WORKER_SILENT_SECONDS", 60)

# A step is leased by the worker that runs it; a worker that died stops renewing its lease.
STEP_LEASE_SECONDS = env.number("STEP_LEASE_SECONDS", 20)
STEP_MAX_CLAIMS = 8
RECONCILE_SECONDS = env.number("RECONCILE_SECONDS", 5)

WEBHOOK_ALLOW_PRIVATE = env.flag("WEBHOOK_ALLOW_PRIVATE")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "audits.api.authentication.TokenAuthentication",
        "audits.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["audits.api.permissions.Reviewers"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["audits.api.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "audits.api.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "audits.api.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Overread",
    "DESCRIPTION": "Second-read auditor for chest X-ray drafts. Research and education only.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "LabelEnum": "audits.api.schema_names.LABEL",
        "LabelStateEnum": "audits.api.schema_names.LABEL_STATE",
        "ImageStateEnum": "audits.api.schema_names.IMAGE_STATE",
        "DraftStateEnum": "audits.api.schema_names.DRAFT_STATE",
        "FlagKindEnum": "audits.api.schema_names.FLAG_KIND",
        "LedgerReasonEnum": "audits.api.schema_names.LEDGER_REASON",
        "DecisionReasonEnum": "audits.api.schema_names.DECISION_REASON",
        "SignificanceEnum": "audits.api.schema_names.SIGNIFICANCE",
        "VerdictEnum": "audits.api.schema_names.VERDICT",
        "AuditStateEnum": "audits.api.schema_names.AUDIT_STATE",
        "StepEnum": "audits.api.schema_names.STEP",
        "BlindStepEnum": "audits.models.blind.BlindStep",
        "CommittedStepEnum": "audits.api.slot_shapes.COMMITTED",
        "BackendKindEnum": "audits.api.schema_names.BACKEND_KIND",
        "FlagReasonEnum": "audits.models.evidence.FLAG_REASONS",
        "SideEnum": "audits.models.evidence.SIDES",
        "QueueStateEnum": "audits.models.review.Queue.State",
        "AdjudicationStateEnum": "audits.models.adjudication.Adjudication.State",
        "ReleaseStateEnum": "audits.models.releases.Release.State",
        "ImportLayoutEnum": "audits.models.imports.LAYOUTS",
        "ImportStateEnum": "audits.api.import_shapes.STATES",
        "RowOutcomeEnum": "audits.api.import_shapes.OUTCOMES",
        "SkipReasonEnum": "audits.models.review.SkipReason",
        "IdentityStateEnum": "audits.models.cases.IDENTITY_STATES",
        "WithdrawalReasonEnum": "audits.api.schema_names.WITHDRAWAL_REASON",
        "MemberRoleEnum": "audits.models.people.QueueMembership.Role",
        "TokenScopeEnum": "audits.models.people.TokenScope",
        "WebhookEventEnum": "audits.models.webhooks.EVENTS",
        "DeliveryStateEnum": "audits.models.webhooks.DeliveryState",
    },
}

NOTICE = (
    "Research and education only. Overread never gives a verdict on a patient; "
    "do not use it for clinical decisions."
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
