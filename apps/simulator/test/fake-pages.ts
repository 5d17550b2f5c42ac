import type { Habits } from './habits.js';

/** The broker's page with its one connector, and what a walker must not fall for: a comment, a second form. */
export function linkPage(handle: string, habits: Habits): string {
  const viewport = habits.noViewport ? '' : '<meta name="viewport" content="width=device-width">';
  return `<!doctype html><html><head>${viewport}</head><body>
    <!-- <form action="/elsewhere"> --><h1>Link Acme Lights</h1>${habits.pageExtra ?? ''}
    <form method="post" action="/link/${handle}"><input type="hidden" name="csrf" value="a&amp;b">
    <button type="submit" name="connector" value="home">Continue with <b>Acme</b> Home</button></form>
    <form method="post" action="/link/${handle}"><button name="cancel" value="1">Cancel</button></form></body></html>`;
}

/** Where the household is sent at the end, rightly encoded unless the broker has a habit. */
export function returnAddress(
  habits: Habits,
  redirectUri: string,
  rawState: string,
  result: Readonly<Record<string, string>>,
  implicit = false,
): string {
  const states = {
    drop: [],
    spaces: [rawState],
    cut: [encodeURIComponent(rawState.slice(0, 512))],
    forge: ['QW1hc2Zvcmdlci4='],
    keep: [encodeURIComponent(rawState)],
  }[habits.state ?? 'keep'];
  const all = [
    ...Object.entries(result).map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
    ...[...states, ...(habits.repeatState ? states : [])].map((state) => `state=${state}`),
  ];
  const separator = implicit !== Boolean(habits.fragment) ? '#' : redirectUri.includes('?') ? '&' : '?';
  return `${habits.redirectTo ?? redirectUri}${separator}${all.join('&')}`;
}
