import { html, type Html, type Piece } from '../html/html.js';

export const acmeHome = 'Acme Home';

/** The frame of every page of a simulated provider. */
export function providerPage(brand: string, title: string, content: Piece): Html {
  return html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title} · ${brand}</title>
      <link rel="stylesheet" href="/style/acme.css" />
      <link rel="icon" href="data:," />
    </head>
    <body>
      <main class="panel">
        <p class="brand">${mark} ${brand}</p>
        ${content}
      </main>
      <p class="imprint">${brand} is a simulated provider, part of Linkbroker.</p>
    </body>
  </html>`;
}

const mark = html`<svg viewBox="0 0 32 32" aria-hidden="true">
  <path class="roof" d="M4 15.5L16 5l12 10.5V27a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z" />
  <circle class="lamp" cx="16" cy="18" r="4.5" />
  <path class="foot" d="M13.5 24h5" />
</svg>`;

export interface SignInView {
  /** `Acme Home` by default. */
  readonly brand?: string;
  /** Below which path the form's addresses are; `/oidc` by default. */
  readonly folder?: string;
  readonly handle: string;
  readonly username?: string;
  readonly wrong?: boolean;
}

/** The provider's sign-in form; it works without JavaScript and inside a phone app's web view. */
export function signInPage({ brand = acmeHome, folder = '/oidc', handle, username, wrong }: SignInView): Html {
  return providerPage(
    brand,
    'Sign in',
    html`<h1>Sign in</h1>
      <p class="lead">Use your ${brand} account to continue to <b>Linkbroker</b>.</p>
      ${wrong && html`<p class="error" role="alert">That username and password do not match. Please try again.</p>`}
      <form method="post" action="${folder}/login">
        <input type="hidden" name="request" value="${handle}" />
        <label for="username">Username</label>
        <input
          id="username"
          name="username"
          type="text"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          value="${username}"
        />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required />
        <button type="submit">Sign in</button>
      </form>
      <p class="cancel"><a href="${folder}/cancel?request=${handle}">Cancel</a></p>
      <p class="hint">Demo accounts: <b>alice</b> or <b>bob</b>. The password is the name.</p>`,
  );
}

/** A page with one sentence, for what cannot be redirected. */
export function failedPage(says: string, title = 'That did not work', brand = acmeHome): Html {
  return providerPage(
    brand,
    title,
    html`<h1>${title}</h1>
      <p class="lead">${says}</p>`,
  );
}

export const acmeStyle = `
:root {
  --page: #f6efe6; --surface: #fffdfa; --ink: #2b2118; --muted: #74665a; --line: #dccfbf; --accent: #b4481a; --on-accent: #fff;
  --lamp: #ffc64d; --bad: #a61d1d; --bad-soft: #fdebe7; --field: #fff; color-scheme: light;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #191410; --surface: #241d17; --ink: #f5ece2; --muted: #b9a898; --line: #46392d; --accent: #f0844c; --on-accent: #2a1206;
    --lamp: #ffd27a; --bad: #ff9d90; --bad-soft: #43201b; --field: #1b1510; color-scheme: dark;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: grid; align-content: center; justify-items: center; gap: 18px; padding: 24px 16px;
  background: radial-gradient(900px 420px at 50% -80px, color-mix(in srgb, var(--lamp) 34%, transparent), transparent) var(--page);
  color: var(--ink); font: 16px/1.5 Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif;
}
.panel { width: 100%; max-width: 400px; background: var(--surface); border: 1px solid var(--line); border-radius: 20px; padding: 28px 26px 24px; box-shadow: 0 20px 50px -30px rgb(60 30 0 / 45%); }
.brand { display: flex; align-items: center; gap: 10px; margin: 0 0 22px; font-weight: 700; font-size: 17px; letter-spacing: -.01em; }
.brand svg { width: 34px; height: 34px; } .roof { fill: var(--accent); } .lamp { fill: var(--lamp); }
.foot { stroke: var(--lamp); stroke-width: 2; stroke-linecap: round; fill: none; }
h1 { margin: 0 0 4px; font-size: 26px; letter-spacing: -.02em; line-height: 1.2; }
.lead { margin: 0 0 18px; color: var(--muted); } .lead b { color: var(--ink); }
form { display: grid; gap: 6px; }
label { font-size: 14px; font-weight: 600; margin-top: 8px; }
input { width: 100%; min-height: 48px; padding: 10px 14px; font: inherit; color: inherit; background: var(--field); border: 1.5px solid var(--line); border-radius: 12px; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid color-mix(in srgb, var(--accent) 55%, transparent); outline-offset: 1px; border-color: var(--accent); }
button { margin-top: 18px; min-height: 50px; border: 0; border-radius: 14px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 700; cursor: pointer; }
button:hover { filter: brightness(1.07); }
.error { margin: 0 0 6px; padding: 11px 14px; border-radius: 12px; background: var(--bad-soft); color: var(--bad); font-size: 14.5px; }
.cancel { text-align: center; margin: 14px 0 0; } .cancel a { display: inline-block; padding: 8px 16px; color: var(--muted); }
.hint { margin: 14px 0 0; padding-top: 14px; border-top: 1px solid var(--line); font-size: 14px; color: var(--muted); text-align: center; }
.imprint { margin: 0; font-size: 13px; color: var(--muted); text-align: center; }
`;
