import { generateSecret, generateURI, verify } from 'otplib';

const STEP_SECONDS = 30;
const ISSUER = 'Linkbroker';

/** A secret for an authenticator app, base32, 160 bits. @see RFC 4226 §4 */
export const newTotpSecret = (): string => generateSecret({ length: 20 });

/** What an authenticator app reads from a QR code. */
export const totpUri = (label: string, secret: string): string => generateURI({ issuer: ISSUER, label, secret });

/** The time step that a code belongs to, one before or after now included; undefined for a wrong one. @see RFC 6238 */
export async function stepOfCode(secret: string, code: string, now: Date): Promise<number | undefined> {
  const epoch = Math.floor(now.getTime() / 1_000);
  const result = await verify({ secret, token: code, epoch, epochTolerance: STEP_SECONDS });
  return result.valid ? Math.floor(epoch / STEP_SECONDS) + result.delta : undefined;
}
