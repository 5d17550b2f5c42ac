/** The regional hosts Alexa redirects to: North America, Europe, Japan and Australia. @see R21, R22 */
export const REDIRECT_HOSTS = ['pitangui.amazon.com', 'layla.amazon.com', 'alexa.amazon.co.jp'] as const;

/** The hosts that are used with the implicit grant. @see R25 */
export const IMPLICIT_REDIRECT_HOSTS = ['pitangui.amazon.com', 'layla.amazon.com'] as const;

const VENDOR_ID = /^M[A-Z0-9]{4,31}$/;

/** Whether `value` looks like an Amazon developer's vendor id: `M` and uppercase alphanumerics. @see R21 */
export function isVendorId(value: string): boolean {
  return VENDOR_ID.test(value);
}

/** The three redirect URIs Alexa uses for the skills of a vendor with the authorization code grant. @see R21 */
export function redirectUrisOf(vendorId: string): string[] {
  return REDIRECT_HOSTS.map((host) => `https://${host}/api/skill/link/${vendorId}`);
}

/** The two redirect URIs of the implicit grant; they carry a query of their own. @see R25 */
export function implicitRedirectUrisOf(vendorId: string): string[] {
  return IMPLICIT_REDIRECT_HOSTS.map(
    (host) => `https://${host}/spa/skill/account-linking-status.html?vendorId=${vendorId}`,
  );
}
