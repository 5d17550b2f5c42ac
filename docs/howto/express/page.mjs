const STYLE = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; padding: 1.5rem 1rem; max-width: 24rem; }
  h1 { font-size: 1.4rem; }
  label { display: block; margin-top: 1rem; }
  input, button { box-sizing: border-box; width: 100%; padding: .75rem; font: inherit; }
  button { margin-top: 1.5rem; }
`;

const page = (title, body) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
<main>
<h1>${title}</h1>
${body}
</main>
</html>`;

const FORM = `<form method="post">
  <label>User name <input name="username" autocomplete="username" autocapitalize="none" required></label>
  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <button type="submit">Sign in and link</button>
</form>`;

/** The sign-in page; it is sent back to the address that it stands at, with its query. */
export const signInPage = (complaint = '') =>
  page('Link with Alexa', `${complaint && `<p role="alert">${complaint}</p>`}${FORM}`);

/** For a request that must not be sent back anywhere. */
export const refusalPage = () =>
  page('This link does not work', '<p role="alert">Please begin again in the Alexa app.</p>');
