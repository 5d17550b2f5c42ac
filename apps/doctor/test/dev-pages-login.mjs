/**
 * Signs in at the development pages of oidc-provider, as a login command of a target: the address comes as the last
 * argument, and the address that the browser would be sent back to is printed.
 */
const [user, start] = process.argv.slice(2);
const cookies = new Map();

async function request(url, form) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const body = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
  const response = await fetch(url, { ...body, headers: { cookie }, redirect: 'manual' });
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    cookies.set(name, value);
  }
  return response;
}

let url = start;
let response = await request(url);
for (let hop = 0; hop < 20; hop += 1) {
  const location = response.headers.get('location');
  if (location !== null) {
    if (URL.canParse(location) && new URL(location).origin !== new URL(start).origin) {
      process.stdout.write(`${location}\n`);
      process.exit(0);
    }
    url = new URL(location, url).href;
    response = await request(url);
    continue;
  }
  const page = await response.text();
  const [, action] = /<form[^>]+action="([^"]+)"/.exec(page) ?? [];
  const [, prompt] = /name="prompt" value="([^"]+)"/.exec(page) ?? [];
  if (!action || !prompt) break;
  url = new URL(action, url).href;
  response = await request(url, prompt === 'login' ? { prompt, login: user, password: user } : { prompt });
}
process.exit(1);
