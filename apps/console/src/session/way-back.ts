/** Where somebody goes on after signing in. Only to a page of ours: an address from outside leads nowhere else. */
export function wayBack(back: unknown): string {
  if (typeof back !== 'string' || back.length > 500 || !/^\/(?![/\\])[\w\-./~?&=%+:]*$/.test(back)) return '/';
  return /^\/(?:sign-in|welcome|invitation)\b/.test(back) ? '/' : back;
}

const KEPT = 'linkbroker.way-back';

/** Keeps where somebody was while they are at a sign-in provider; in this tab only. */
export function keepWayBack(back: string | undefined, storage: Pick<Storage, 'setItem' | 'removeItem'>): void {
  if (back === undefined) storage.removeItem(KEPT);
  else storage.setItem(KEPT, back);
}

/** What was kept, once. */
export function takeWayBack(storage: Pick<Storage, 'getItem' | 'removeItem'>): string | undefined {
  const back = storage.getItem(KEPT) ?? undefined;
  storage.removeItem(KEPT);
  return back;
}
