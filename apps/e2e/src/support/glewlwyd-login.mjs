/**
 * Signs in at Glewlwyd, as a login command of a target: its page is a program in JavaScript, whose requests these are.
 * Arguments: address of the API, name, password, authorization address. Prints where the browser would be sent back to.
 */
const [api, username, password, start] = process.argv.slice(2);

const signedIn = await fetch(`${api}/auth/`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ username, password }),
});
const cookie = signedIn.headers
  .getSetCookie()
  .map((line) => line.split(';')[0])
  .join('; ');

let url = start;
for (let hop = 0; hop < 3; hop += 1) {
  const response = await fetch(url, { headers: { cookie }, redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) break;
  if (!location.startsWith(new URL(api).origin)) {
    process.stdout.write(`${location}\n`);
    process.exit(0);
  }
  // The page goes on to the address that it was given.
  url = `${new URL(location).searchParams.get('callback_url')}&g_continue`;
}
process.exit(1);
