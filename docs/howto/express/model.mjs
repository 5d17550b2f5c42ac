import { createHash, timingSafeEqual } from 'node:crypto';

const words = (scope) => scope.split(' ').filter(Boolean);
const digest = (text) => createHash('sha256').update(text).digest();
const isSame = (one, other) => timingSafeEqual(digest(one), digest(other));

/** What @node-oauth/oauth2-server asks of a store: one client, Alexa, whose secret is checked wherever there is one. */
export function createModel(store, { clientId, clientSecret, redirectUris, scopes }) {
  const client = { id: clientId, redirectUris, grants: ['authorization_code', 'refresh_token'] };
  return {
    // The library says null at the authorization endpoint. Undefined is a token request with a verifier and no secret.
    getClient(id, secret) {
      if (id !== clientId) return undefined;
      return secret === null || (secret !== undefined && isSame(secret, clientSecret)) ? client : undefined;
    },
    validateScope(_user, _client, scope = []) {
      return scope.every((word) => scopes.includes(word)) && scope;
    },
    saveAuthorizationCode(code, _client, { name }) {
      store.saveCode({
        code: code.authorizationCode,
        name,
        scope: (code.scope ?? []).join(' '),
        redirectUri: code.redirectUri,
        challenge: code.codeChallenge,
        method: code.codeChallengeMethod,
        expiresAt: code.expiresAt.getTime(),
      });
      return code;
    },
    getAuthorizationCode(code) {
      const found = store.findCode(code);
      if (!found) return undefined;
      return {
        authorizationCode: code,
        client,
        user: { name: found.name },
        scope: words(found.scope),
        redirectUri: found.redirect_uri,
        expiresAt: new Date(found.expires_at),
        ...(found.challenge && { codeChallenge: found.challenge, codeChallengeMethod: found.method }),
      };
    },
    revokeAuthorizationCode({ authorizationCode }) {
      return store.takeCode(authorizationCode);
    },
    saveToken(token, _client, user) {
      const { name } = user;
      const scope = (token.scope ?? []).join(' ');
      store.saveAccessToken({ token: token.accessToken, name, scope, expiresAt: token.accessTokenExpiresAt.getTime() });
      if (token.refreshToken) store.saveRefreshToken({ token: token.refreshToken, name, scope });
      return { ...token, client, user };
    },
    // Without an end: the library's default of two weeks would unlink a household that is on holiday.
    getRefreshToken(token) {
      const found = store.findRefreshToken(token);
      return found && { refreshToken: token, client, user: { name: found.name }, scope: words(found.scope) };
    },
    // The library wants it there, and with `alwaysIssueNewRefreshToken: false` does not call it.
    revokeToken() {
      throw new Error('refresh tokens are not rotated');
    },
  };
}
