"""Settings, read from the environment; `./run` and `./test` set it (docs/deploy.md lists every variable)."""
import os
from pathlib import Path
from urllib.parse import unquote, urlparse, parse_qsl

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ.get("DINGDIAN_STATE", BASE_DIR / ".state"))
DEBUG = os.environ.get("DINGDIAN_DEBUG", "") == "1"
SECRET_KEY = os.environ.get("DINGDIAN_SECRET_KEY", "only-for-tests-and-tools")
ALLOWED_HOSTS = os.environ.get("DINGDIAN_HOSTS", "localhost,127.0.0.1,testserver").split(",")


def database(url: str) -> dict[str, object]:
    """One DATABASES entry from a postgresql:// address; `?host=/socket/dir` gives a Unix socket."""
    parts = urlparse(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "dingdian",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "TEST": {"NAME": os.environ.get("TEST_DATABASE", "test_dingdian")},
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql://dingdian:dingdian@127.0.0.1:5432/dingdian"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "offices.User"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
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
    "pages",
    "api",
    "replay",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
            ],
        },
    },
]
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
MEDIA_ROOT = STATE_DIR / "media"

CELERY_TIMEZONE = TIME_ZONE
