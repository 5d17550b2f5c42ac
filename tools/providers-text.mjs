/** The hand-written part of docs/providers.md; `providers-page.mjs` puts the tables below it. */
export const providersText = `# Providers

Every upstream that a connector can name. The tables are made from \`libs/providers/src/catalogue\` by
\`npm run docs:providers\`; a test fails when they are stale. Why a provider is data:
[ADR 0010](adr/0010-providers-are-data.md).

## What a connector gives

\`provider\` is the id. Client id and secret come from the provider's own console, where the redirect URI
\`<BROKER_URL>/callback/<tenant>/<connector>\` has to be registered. \`scopes\` may be left out: then the ones below are
asked for. \`endpoints\` and (with OpenID) \`issuer\` may always be given to point elsewhere, at a regional host or a test
double; such a connector is a revocation domain of its own. \`npm run apply\` names what is missing.

\`\`\`yaml
connectors:
  - slug: microsoft
    provider: entra
    parameters: { tenant: common }
    clientId: 11111111-2222-3333-4444-555555555555
    clientSecret: '\${ENTRA_SECRET}'
\`\`\`

Where a private key signs the client's secret, \`clientSecret\` is that key: PKCS#8 PEM of a P-256 key.

A provider that is not here works as \`oidc\` with its issuer if it has a discovery document, else as \`oauth2\` with its
endpoints if it keeps to RFC 6749 and has a userinfo endpoint.

## Adding one

\`\`\`sh
npx nx g provider acme-cloud     # declaration, fixtures, a line in the index
npx nx test providers            # names each thing that is still to fill in
npm run docs:providers
\`\`\`

Fill in what the provider's documentation says, and say where in \`facts\`: \`documented\` (its own page says so, or a
[rule](alexa-rules.md) that cites it), \`reported\` (users say so) or \`unverified\`. What is not known is left out, never
guessed. Fixtures are answers as the documentation shows them, with made-up tokens. Three hooks at most; a fourth is a
sign that the declaration lacks a field. The id must not be a word that code uses anyway (so \`x-twitter\`, not \`x\`): a
test keeps ids out of the rest of the product.

## What the columns mean

- **Provider**: _until_ is the day on which the provider turns it off, as it has announced.
- **Refresh**: how an access token is renewed, and what becomes of the refresh token. _stays_: none comes with the
  answer; _replaced_: a new one comes and the old one stays good; _single use_: a new one comes and the old one is dead
  at once; _grace_: the old one stays good for a while. _Exchange_: a living access token is traded for a longer one.
- **Lives**: an access token as documented (what an answer says counts); _refresh_: from its issue, or without use
  (_idle_).
- **Revocation**: _all_ ends everything of that person and client, _one_ ends the token alone.
- **Web view**: whether the sign-in works inside an app's web view (R39). _Unknown_ means nobody has said.
- **Hosts**: what a skill's Domain List at Amazon needs for the sign-in (R52). \`*.\` stands for a host of the person's
  own, to be listed by its full name. Where the connector names the host, that one has to be listed.
- **Upstream mode**: whether a skill with \`tokenMode: upstream\` can hand the provider's own tokens to Alexa.
`;
