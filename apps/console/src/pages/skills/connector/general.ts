/** Protocols more than places: they fit any server, by its addresses. */
export const GENERAL: readonly string[] = ['oidc', 'oauth2'];

export const isGeneral = (provider: string): boolean => GENERAL.includes(provider);
