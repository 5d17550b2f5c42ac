"""An authorization server for one Alexa skill: Flask, Authlib and SQLite. See ../flask.md."""

import os
import re
import sys
from types import SimpleNamespace
from urllib.parse import urlencode

from flask import Flask, redirect, render_template, request
from werkzeug.middleware.proxy_fix import ProxyFix

from alexa import ACCESS_TOKEN_LIFETIME, SCOPES, Client, create_authorization_server
from store import Store


class KeepPlus:
    """A state may hold a '+' that is not encoded, and everything behind would read it as a space."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        plus = lambda found: found[0].replace("+", "%2B")  # noqa: E731
        environ["QUERY_STRING"] = re.sub(r"(?:^|&)state=[^&]*", plus, environ.get("QUERY_STRING", ""))
        return self.app(environ, start_response)


def create_app():
    public_url = os.environ["PUBLIC_URL"]
    store = Store(os.environ["DATABASE"])
    client = Client(os.environ["ALEXA_CLIENT_ID"], os.environ["ALEXA_CLIENT_SECRET"], os.environ["ALEXA_VENDOR_ID"])
    app = Flask(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=10_000,
        OAUTH2_REFRESH_TOKEN_GENERATOR=True,
        OAUTH2_SCOPES_SUPPORTED=SCOPES,
        OAUTH2_TOKEN_EXPIRES_IN={"authorization_code": ACCESS_TOKEN_LIFETIME, "refresh_token": ACCESS_TOKEN_LIFETIME},
    )
    # The proxy in front ends TLS and says so. Authlib refuses to work without.
    app.wsgi_app = KeepPlus(ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1))
    server = create_authorization_server(app, store, client)

    @app.after_request
    def protect(response):
        # No form-action: browsers hold the redirect back to Alexa against it as well.
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @app.route("/oauth/authorize", methods=["GET", "POST"])
    def authorize():
        query = request.args
        if query.get("client_id") != client.client_id or not client.check_redirect_uri(query.get("redirect_uri")):
            # Nobody is sent to an address that is not registered, letter by letter.
            return render_template("refusal.html"), 400
        if query.get("response_type") != "code":
            error = urlencode({"error": "unsupported_response_type", "state": query.get("state", "")})
            return redirect(f"{query['redirect_uri']}?{error}")
        if request.method == "GET":
            return render_template("sign-in.html")
        name = store.sign_in(request.form.get("username", ""), request.form.get("password", ""))
        if name is None:
            return render_template("sign-in.html", complaint=True), 401
        return server.create_authorization_response(grant_user=SimpleNamespace(name=name))

    @app.post("/oauth/token")
    def token():
        return server.create_token_response()

    @app.post("/oauth/introspect")
    def introspect():
        return server.create_endpoint_response("introspection")

    @app.get("/.well-known/oauth-authorization-server")
    def metadata():
        return {
            "issuer": public_url,
            "authorization_endpoint": f"{public_url}/oauth/authorize",
            "token_endpoint": f"{public_url}/oauth/token",
            "introspection_endpoint": f"{public_url}/oauth/introspect",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
        }

    return app


def add_user(name):
    password = sys.stdin.readline().rstrip("\n")
    if len(password) < 12:
        sys.exit("a password of twelve characters at least is needed")
    Store(os.environ["DATABASE"]).add_user(name, password)


def serve():
    import waitress

    # The proxy in front is the only one who reaches this port.
    waitress.serve(create_app(), host="127.0.0.1", port=int(os.environ["PORT"]), ident=None)


if __name__ == "__main__":
    add_user(sys.argv[2]) if sys.argv[1:2] == ["add-user"] else serve()
