"""Settings. What differs between installations comes from the environment (see docs/operating/settings.md)."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONCE, SELF
from django.utils.translation import gettext_lazy as _

from muster.config.environment import data_dir, database, read_secret

SECRET_KEY = read_secret("secret_key")
SALT_KEY = read_secret("salt_key")
DEBUG = os.environ.get("MUSTER_DEBUG", "") == "1"
ALLOWED_HOSTS = os.environ.get("MUSTER_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
IS_HTTPS = os.environ.get("MUSTER_HTTPS", "") == "1"
# Where people outside open what messages and paper point to.
PUBLIC_ADDRESS = os.environ.get("MUSTER_ADDRESS", "http://127.0.0.1:8000")

# What one rings where a life is at risk, as the page of a door says it.
RESCUE_NUMBERS = os.environ.get("MUSTER_RESCUE_NUMBERS", "120 119 110").split()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "csp",
    "muster.kernel",
    "muster.territory",
    "muster.people",
    "muster.organizations",
    "muster.access",
    "muster.messages",
    "muster.emergencies",
    "muster.membership",
    "muster.clocks",
    "muster.plans",
    "muster.coverage",
    "muster.duty",
    "muster.needs",
    "muster.intake",
    "muster.duplicates",
    "muster.situation",
    "muster.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Beneath WhiteNoise, whose files are packed when they are built. It pads pages by chance, and tokens are masked
    # anew in each, so that their packed length tells nothing.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "muster.config.urls"
WSGI_APPLICATION = "muster.config.wsgi.application"

_HERE = Path(__file__).resolve().parent.parent

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "muster.web.sign_in.ClosedAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
# Failed attempts are counted by address; behind proxies that we do not count, everybody would have the same one.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MUSTER_PROXIES", "0"))
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# Rate limits count in a cache that all server processes share: of every door and source for an hour, so that a
# flood does not push out what is counted.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [_HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = data_dir() / "static"
# The package's own files are served as they stand; a collected, hashed copy is made for production.
WHITENOISE_USE_FINDERS = True

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    },
}

# How messages leave; each channel is there where its setting is (docs/operating/messages.md).
MAIL_SERVER = os.environ.get("MUSTER_MAIL", "")
PUSH_CONTACT = os.environ.get("MUSTER_PUSH_CONTACT", "")
PUSH_KEY = data_dir() / "push_key.pem"
GATEWAYS = os.environ.get("MUSTER_GATEWAYS", "")

# What fails on a server is told to whoever runs it, with where; never to whoever met it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "level": "ERROR", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
