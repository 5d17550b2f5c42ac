"""Django OAuth Toolkit as its tutorial sets it up: its own pages, its own settings, and the admin's page for signing in.

Usage: toolkit.py PORT DIRECTORY CLIENT_ID CLIENT_SECRET REDIRECT_URIS SETTINGS
SETTINGS is JSON, what OAUTH2_PROVIDER holds beyond the scopes. Serves http://localhost:PORT until it is killed; prints
"ready" when it is about to listen. One user: alice, whose password is "correct horse battery".
"""

import json
import sys
from pathlib import Path

import django
import waitress
from django.conf import settings

port, directory, client_id, client_secret, redirect_uris, more = sys.argv[1:7]

settings.configure(
    ALLOWED_HOSTS=["localhost"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(directory) / "toolkit.sqlite3")}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "django.contrib.staticfiles",
        "oauth2_provider",
    ],
    LOGIN_URL="/admin/login/",
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    OAUTH2_PROVIDER={"SCOPES": {"lights": "Switch your lights"}, **json.loads(more)},
    ROOT_URLCONF=__name__,
    SECRET_KEY="for tests only",
    STATIC_URL="/static/",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "django.template.context_processors.request",
                ]
            },
        }
    ],
    USE_TZ=True,
)
django.setup()

from django.contrib import admin  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402

urlpatterns = [
    path("admin/", admin.site.urls),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]

call_command("migrate", verbosity=0)
User.objects.create_superuser("alice", password="correct horse battery")
Application.objects.create(
    name="Alexa",
    client_id=client_id,
    client_secret=client_secret,
    client_type=Application.CLIENT_CONFIDENTIAL,
    authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    redirect_uris=redirect_uris,
)

print("ready", flush=True)
# One thread: what SQLite does with two writers is not what this server is looked at for.
waitress.serve(get_wsgi_application(), host="127.0.0.1", port=int(port), threads=1)
