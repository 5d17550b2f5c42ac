"""Settings of an authorization server for one Alexa skill. See ../django.md."""

import os
from pathlib import Path
from urllib.parse import urlsplit

PUBLIC_URL = os.environ["PUBLIC_URL"]
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname]

# SQLite has one writer, and serve.py one thread. For more of either use PostgreSQL.
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"]}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "oauth2_provider",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the toolkit's own pages, which load Bootstrap from another host.
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
ROOT_URLCONF = "urls"
LOGIN_URL = "/sign-in/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# The proxy in front ends TLS and says so.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Long enough to come back from a wrong password; the next person at this browser signs in again.
SESSION_COOKIE_AGE = 600

OAUTH2_PROVIDER = {
    "SCOPES": {"lights": "Switch your lights"},
    "OAUTH2_VALIDATOR_CLASS": "validator.AlexaValidator",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 300,
    # Refresh tokens are not rotated and do not expire: a lost answer or a long holiday would end the link.
    "ROTATE_REFRESH_TOKEN": False,
    "REFRESH_TOKEN_EXPIRE_SECONDS": None,
    # Optional: Alexa sends a challenge only where the skill asks for it. From 2.0 on the default is True.
    "PKCE_REQUIRED": False,
}
