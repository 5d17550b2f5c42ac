"""An authorization server that nobody here wrote: Django OAuth Toolkit, as Debian packages it.

Usage: upstream.py PORT DIRECTORY CLIENT_ID CLIENT_SECRET REDIRECT_URIS
Serves http://localhost:PORT until it is killed; prints "ready" once it listens. Users alice and bob, password = name.
"""

import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from jwcrypto import jwk

port, directory, client_id, client_secret, redirect_uris = sys.argv[1:6]

LOGIN_PAGE = (
    "<!doctype html><form method=post>{% csrf_token %}{{ form.errors }}"
    "<input name=username><input name=password type=password>"
    "<input type=hidden name=next value='{{ next }}'><button type=submit>Sign in</button></form>"
)

settings.configure(
    ALLOWED_HOSTS=["localhost"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(directory) / "upstream.sqlite3")}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "oauth2_provider",
    ],
    LOGIN_URL="/login/",
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": jwk.JWK.generate(kty="RSA", size=2048).export_to_pem(True, None).decode(),
        "OIDC_ISS_ENDPOINT": f"http://localhost:{port}/o",
        "PKCE_REQUIRED": True,
        "SCOPES": {"openid": "who you are", "read": "what you have"},
        "ACCESS_TOKEN_EXPIRE_SECONDS": 4,
    },
    ROOT_URLCONF=__name__,
    SECRET_KEY="for tests only",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": ["django.template.context_processors.request"],
                "loaders": [("django.template.loaders.locmem.Loader", {"registration/login.html": LOGIN_PAGE})],
            },
        }
    ],
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.contrib.auth.views import LoginView  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402
from oauth2_provider.views import ConnectDiscoveryInfoView  # noqa: E402

# The toolkit serves its discovery document below a trailing slash; OpenID Connect Discovery has none.
urlpatterns = [
    path("o/.well-known/openid-configuration", ConnectDiscoveryInfoView.as_view()),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("login/", LoginView.as_view()),
]

call_command("migrate", verbosity=0)
for name in ("alice", "bob"):
    User.objects.create_user(name, f"{name}@example.test", name)
Application.objects.create(
    client_id=client_id,
    client_secret=client_secret,
    client_type=Application.CLIENT_CONFIDENTIAL,
    authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    redirect_uris=redirect_uris,
    skip_authorization=True,
    algorithm=Application.RS256_ALGORITHM,
)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    def log_message(self, *_args):
        pass


with make_server("127.0.0.1", int(port), get_wsgi_application(), Server, Handler) as server:
    print("ready", flush=True)
    server.serve_forever()
