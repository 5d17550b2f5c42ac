"""Alexa as the one client of Authlib's authorization server, with refresh tokens that stay the same."""

import hmac
import time
from types import SimpleNamespace

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

HOSTS = ("pitangui.amazon.com", "layla.amazon.com", "alexa.amazon.co.jp")
SCOPES = {"lights"}
METHODS = ["client_secret_basic", "client_secret_post"]
CODE_LIFETIME = 300
ACCESS_TOKEN_LIFETIME = 3600


class Client(ClientMixin):
    def __init__(self, client_id, secret, vendor_id):
        self.client_id, self.secret = client_id, secret
        self.redirect_uris = [f"https://{host}/api/skill/link/{vendor_id}" for host in HOSTS]

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return " ".join(word for word in (scope or "").split() if word in SCOPES)

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret):
        return hmac.compare_digest(client_secret.encode(), self.secret.encode())

    def check_endpoint_auth_method(self, method, endpoint):
        return method in METHODS

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type in ("authorization_code", "refresh_token")


class Code(AuthorizationCodeMixin):
    def __init__(self, row):
        self.name, self.scope, self.redirect_uri = row["name"], row["scope"], row["redirect_uri"]
        self.code_challenge, self.code_challenge_method = row["challenge"], row["method"]

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope


class Token(TokenMixin):
    """Of either kind. A refresh token has no end: one that has would unlink a household that is on holiday."""

    def __init__(self, row, expires_at=None):
        self.name, self.scope, self.expires_at = row["name"], row["scope"], expires_at

    def check_client(self, client):
        return True

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return ACCESS_TOKEN_LIFETIME

    def is_expired(self):
        return self.expires_at is not None and self.expires_at <= time.time()

    def is_revoked(self):
        return False


class S256(CodeChallenge):
    """Optional, for a skill may come without; `plain`, which Authlib also allows, has no use here."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]


def create_authorization_server(app, store, client):
    class CodeGrant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = METHODS

        def save_authorization_code(self, code, request):
            data = request.data
            challenge, method = data.get("code_challenge"), data.get("code_challenge_method")
            scope = client.get_allowed_scope(request.scope)
            store.save_code(code, request.user.name, scope, request.redirect_uri, challenge, method, CODE_LIFETIME)

        def query_authorization_code(self, code, client):
            # Taken at once: Authlib deletes it after the tokens are made, too late for two requests at the same time.
            row = store.take_code(code)
            return row and Code(row)

        def delete_authorization_code(self, authorization_code):
            pass

        def authenticate_user(self, authorization_code):
            return SimpleNamespace(name=authorization_code.name)

    class RefreshGrant(grants.RefreshTokenGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = METHODS
        # A lost answer would leave Alexa with a token that is dead, so they are not rotated.
        INCLUDE_NEW_REFRESH_TOKEN = False

        def authenticate_refresh_token(self, refresh_token):
            row = store.find_refresh_token(refresh_token)
            return row and Token(row)

        def authenticate_user(self, credential):
            return SimpleNamespace(name=credential.name)

        def issue_token(self, user, credential):
            return {**super().issue_token(user, credential), "refresh_token": self.request.form["refresh_token"]}

        def revoke_old_credential(self, credential):
            pass

    class Introspection(IntrospectionEndpoint):
        """For the skill's own server: whose access token it is, if it is one."""

        CLIENT_AUTH_METHODS = METHODS

        def check_permission(self, token, client, request):
            return True

        def query_token(self, token_string, token_type_hint):
            row = store.find_access_token(token_string)
            return row and Token(row, row["expires_at"])

        def introspect_token(self, token):
            return {"active": True, "sub": token.name, "scope": token.scope, "exp": token.expires_at}

    def save_token(token, request):
        name, scope = request.user.name, token.get("scope", "")
        store.save_access_token(token["access_token"], name, scope, int(time.time()) + token["expires_in"])
        store.save_refresh_token(token["refresh_token"], name, scope)

    server = AuthorizationServer(
        app, query_client=lambda client_id: client if client_id == client.client_id else None, save_token=save_token
    )
    server.register_grant(CodeGrant, [S256(required=False)])
    server.register_grant(RefreshGrant)
    server.register_endpoint(Introspection)
    return server
