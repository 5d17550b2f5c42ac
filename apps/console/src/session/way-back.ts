/** Where somebody goes on after signing in. Only to a page of ours: an address from outside leads nowhere else. */
export function wayBack(back: unknown): string {
  if (typeof back !== 'string' || back.length > 500 || !/^\/(?![/\\])[\w\-./~?&=%+:]*$/.test(back)) return '/';
  return /^\/(?:sign-in|welcome|invitation)\b/.test(back) ? '/' : back;
}
