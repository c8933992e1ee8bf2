"""Settings, read from the environment; `./run` and `./test` set it (docs/deploy.md lists every variable)."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlparse

from celery.schedules import crontab

from launch import keys

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ.get("DINGDIAN_STATE", BASE_DIR / ".state"))
DEBUG = os.environ.get("DINGDIAN_DEBUG") == "1"

# Without a key file or DINGDIAN_SECRET_KEY the product answers no web request (config/wsgi.py); tools and tests get a
# key that protects nothing.
KEYS_DIR = Path(os.environ.get("DINGDIAN_KEYS", STATE_DIR / "keys"))
OWN_SECRET_KEY = os.environ.get("DINGDIAN_SECRET_KEY") or keys.read(KEYS_DIR)
SECRET_KEY = OWN_SECRET_KEY or "only-for-tests-and-tools"
IDENTITY_KEYS_FILE = KEYS_DIR / "identity.json"

ALLOWED_HOSTS = os.environ.get("DINGDIAN_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = list(filter(None, os.environ.get("DINGDIAN_ORIGINS", "").split(",")))


def database(url: str) -> dict[str, object]:
    """One DATABASES entry from a postgresql:// address; `?host=/socket/dir` gives a Unix socket."""
    parts = urlparse(url)
    options = dict(parse_qsl(parts.query))
    # Statements here are short and many-legged: compiling one takes longer than running it.
    options.setdefault("options", "-c jit=off -c max_parallel_workers_per_gather=0")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "dingdian",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": os.environ.get("TEST_DATABASE", "test_dingdian")},
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql://dingdian:dingdian@127.0.0.1:5432/dingdian"))}
# Where replay may not create databases: one of its own, which it may empty (docs/replay.md).
REPLAY_DATABASE = database(os.environ["REPLAY_DATABASE_URL"]) if os.environ.get("REPLAY_DATABASE_URL") else None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "pgtrigger",
    "pghistory",
    "deadlines",
    "offices",
    "documents",
    "casework",
    "institutions",
    "standing",
    "applications",
    "evaluations",
    "agreements",
    "settlement",
    "consistency",
    "disputes",
    "pages",
    "api",
    "replay",
    "demo",
    "country",
]
MIDDLEWARE = [
    "config.middleware.identify",
    "config.middleware.client_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.security_headers",
    "csp.middleware.CSPMiddleware",
    "config.middleware.request_size",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.read_once",
    "offices.middleware.ActorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pages.navigation.context",
            ],
        },
    },
]

# Widgets of our own lie in templates/ like every page.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Files: static ones are served by whitenoise, uploaded ones only by pages that check permission
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_FINDERS = ["config.static.OwnAppsFinder", "config.static.VendorFinder"]
MEDIA_ROOT = Path(os.environ.get("DINGDIAN_MEDIA", STATE_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.Storage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FONT_DIR = Path(os.environ.get("DINGDIAN_FONTS", STATE_DIR / "fonts"))

# Limits on what one request may carry. A single upload is checked by its form against UPLOAD_MAX_BYTES.
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
REQUEST_MAX_BYTES = 110 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 30
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Sign-in
AUTH_USER_MODEL = "offices.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
# Every address is closed unless its name stands here (offices/middleware.py); the API checks its own tokens.
PUBLIC_URLS = {
    "home",
    "health",
    "accounts:sign_in",
    "accounts:forgotten",
    "accounts:reset",
    "accounts:invitation",
    "accounts:sign_up",
    "accounts:sign_up_status",
    "desk:feed",  # the link itself is the key
    "public:designated",
    "public:designated_download",
    "public:institution",
    "public:notices",
    "public:notices_download",
    "public:objection",
    "public:objection_done",
    "public:terminated",
    "public:terminated_download",
    "public:guide",
    "public:guide_for",
    "public:calculator",
    "documents:verify",
    "documents:verified",
    "documents:public_file",
}
API_NAMESPACE = "api"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = ["username", "password"]
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "pages.accounts.sign_in.locked_out"
OTP_TOTP_ISSUER = "定点通"

# Mail. Without a server named here nothing is mailed; supervisors hand links on themselves.
EMAIL_HOST = os.environ.get("DINGDIAN_EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("DINGDIAN_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("DINGDIAN_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("DINGDIAN_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("DINGDIAN_EMAIL_TLS") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("DINGDIAN_EMAIL_FROM", "dingdian@localhost")

# Sessions and cookies. DINGDIAN_HTTPS=1 is for a site behind TLS (docs/deploy.md): cookies then never travel in the clear.
HTTPS = os.environ.get("DINGDIAN_HTTPS") == "1"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = os.environ.get("DINGDIAN_COOKIE", "dingdian_session")
CSRF_COOKIE_NAME = f"{SESSION_COOKIE_NAME}_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
# How many proxies of one's own stand in front; only then are X-Forwarded-For and -Proto believed.
TRUSTED_PROXIES = int(os.environ.get("DINGDIAN_PROXIES", "0"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
    },
}

# Celery. The broker only wakes workers up: whatever is due lives in PostgreSQL rows, so a lost message loses nothing.
BROKER_DIR = STATE_DIR / "broker"
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "filesystem://")
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.2,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_TASK_TIME_LIMIT = 360
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
# The timetable needs no memory: a tick that falls out is made good by the next one.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
TICK_SECONDS = float(os.environ.get("DINGDIAN_TICK_SECONDS", "30"))
CELERY_BEAT_SCHEDULE = {
    # A tick expires after one interval, or ticks would pile up while no worker runs.
    "tick": {"task": "deadlines.tasks.tick", "schedule": TICK_SECONDS, "options": {"expires": TICK_SECONDS}},
    # At night, after the sweep of midnight has moved the stored states.
    "consistency": {"task": "consistency.check", "schedule": crontab(hour=3, minute=30), "options": {"expires": 3600}},
}

# What views of the API share stands in api/base.py.
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "api.description.Description",
    "EXCEPTION_HANDLER": "api.problems.respond",
}
# How often one token, one address without a token, may ask; None for no limit.
API_RATES: dict[str, str | None] = {
    "token": os.environ.get("DINGDIAN_API_RATE", "600/min"),
    "public": os.environ.get("DINGDIAN_API_PUBLIC_RATE", "120/min"),
    # Each process counts for itself: about what it can answer, so that one system's fault does not take the others' turn.
    "settlement": os.environ.get("DINGDIAN_SETTLEMENT_RATE", "600/second"),
    "settlement_batch": os.environ.get("DINGDIAN_SETTLEMENT_BATCH_RATE", "300/minute"),
    "settlement_snapshot": os.environ.get("DINGDIAN_SETTLEMENT_SNAPSHOT_RATE", "20/hour"),
    "sign_in": "20/min",
    "public_act": "20/hour",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "定点通接口",
    "DESCRIPTION": "医保定点协议全过程的接口。办理与网页经同一扇门:同样的条件、同样的条款、同样的记录。"
    "先以用户名和密码签发令牌,再在每次请求中带上 `Authorization: Bearer 令牌`;公开查询不需要令牌。"
    "没有办成的,一律以 application/problem+json 说明原因和条款。",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": False,
}

# Log lines carry the request's id and no personal data: identity and telephone numbers are blotted out (config/logs.py).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "config.logs.RequestIdFilter"}},
    "formatters": {
        "line": {"()": "config.logs.MaskingFormatter", "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("DINGDIAN_LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "celery": {"level": "INFO"},
        "axes": {"level": "ERROR"},
        # Strangers who try host names are no fault of the site.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # WeasyPrint speaks of every CSS property that it does not know.
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
}
