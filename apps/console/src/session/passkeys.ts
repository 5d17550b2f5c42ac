/** What a browser does with passkeys, as JSON in and out. @see Web Authentication Level 3 §5.1 */
interface PasskeyApi {
  parseRequestOptionsFromJSON(options: object): PublicKeyCredentialRequestOptions;
  parseCreationOptionsFromJSON(options: object): PublicKeyCredentialCreationOptions;
}

/** A credential as the API takes it. */
export interface SentCredential {
  readonly id: string;
  readonly response: Record<string, unknown>;
  readonly [more: string]: unknown;
}

/** Seconds within which a person touches a key are the browser's; this only ends a dialog that nobody sees any more. */
const DEADLINE_MS = 120_000;

const apiOf = (): PasskeyApi | undefined => {
  const found = (globalThis as { PublicKeyCredential?: Partial<PasskeyApi> }).PublicKeyCredential;
  return found?.parseRequestOptionsFromJSON && found.parseCreationOptionsFromJSON ? (found as PasskeyApi) : undefined;
};

/** Whether this browser can work with passkeys here. */
export const canUsePasskeys = (): boolean => apiOf() !== undefined;

/** Nobody touched the key, or it was the wrong one. */
export class PasskeyCancelled extends Error {
  override readonly name = 'PasskeyCancelled';
}

/** Asks for a passkey. @throws PasskeyCancelled */
export async function askForPasskey(options: object): Promise<SentCredential> {
  const publicKey = apiOf()?.parseRequestOptionsFromJSON(options);
  if (!publicKey) throw new PasskeyCancelled();
  return sent(navigator.credentials.get({ publicKey, signal: AbortSignal.timeout(DEADLINE_MS) }));
}

/** Makes a passkey. @throws PasskeyCancelled */
export async function makePasskey(options: object): Promise<SentCredential> {
  const publicKey = apiOf()?.parseCreationOptionsFromJSON(options);
  if (!publicKey) throw new PasskeyCancelled();
  return sent(navigator.credentials.create({ publicKey, signal: AbortSignal.timeout(DEADLINE_MS) }));
}

async function sent(asked: Promise<Credential | null>): Promise<SentCredential> {
  const credential = await asked.catch(() => null);
  if (!credential) throw new PasskeyCancelled();
  return (credential as PublicKeyCredential).toJSON() as unknown as SentCredential;
}
