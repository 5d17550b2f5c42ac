const KEY = 'linkbroker-tenant';

/** The tenant that was looked at last in this browser; a name, no secret. */
export function lastTenant(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function rememberTenant(slug: string): void {
  try {
    localStorage.setItem(KEY, slug);
  } catch {
    // Without a memory the first tenant is shown next time.
  }
}
