import { createPublicKey } from 'node:crypto';
import { z } from 'zod';

function isEcKey(pem: string): boolean {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

/** What changes a model's behaviour for one client. */
const flags = {
  /** Lifetime of access tokens in seconds, instead of the provider's own. */
  accessTtl: z.int().min(1).max(10_000_000).optional(),
  /** Google: the app is in testing mode, refresh tokens die after seven days. */
  testingMode: z.boolean().optional(),
  /** Google: the only scopes, besides those of the sign-in itself, that the household ticks. */
  partialScopes: z.array(z.string().min(1)).max(50).optional(),
  /** GitHub: a GitHub App with expiring tokens instead of an OAuth app. */
  githubApp: z.boolean().optional(),
  /** Slack: the app has opted in to token rotation. */
  tokenRotation: z.boolean().optional(),
  /** Apple: with which key the client signs its secret; the public key is PEM on the curve P-256. */
  apple: z
    .strictObject({
      teamId: z.string().min(1),
      keyId: z.string().min(1),
      publicKey: z.string().max(1_000).refine(isEcKey, 'not a P-256 public key in PEM'),
    })
    .optional(),
};

export type ClientFlag = keyof typeof flags;

/** The body of `PUT /_models/{model}/clients/{id}`. */
export const registrationSchema = z.strictObject({
  clientSecret: z.string().min(1).max(500).optional(),
  redirectUris: z.array(z.string().min(1).max(2_000)).max(50).optional(),
  brokerCallbacks: z.boolean().optional(),
  ...flags,
});

/** A client registered at a model. */
export interface ModelClient extends Readonly<z.infer<typeof registrationSchema>> {
  readonly clientId: string;
}

/** A registration that the model cannot take; the message says why. */
export class UnfitClient extends Error {}

const flagNames = Object.keys(flags) as ClientFlag[];

/** The clients of one model, by id; they may come and change at any time. */
export class ModelClients {
  private readonly byId = new Map<string, ModelClient>();

  constructor(private readonly knownFlags: readonly ClientFlag[]) {}

  /** @throws UnfitClient, ZodError */
  register({ clientId, ...registration }: ModelClient): void {
    const read = registrationSchema.parse(registration);
    const foreign = flagNames.find((flag) => read[flag] !== undefined && !this.knownFlags.includes(flag));
    if (foreign) throw new UnfitClient(`${foreign}: this model does not know it`);
    const credential = this.knownFlags.includes('apple') ? 'apple' : 'clientSecret';
    if (read[credential] === undefined) throw new UnfitClient(`${credential}: missing`);
    this.byId.set(clientId, { clientId, ...read });
  }

  find(clientId: string | undefined): ModelClient | undefined {
    return clientId === undefined ? undefined : this.byId.get(clientId);
  }

  list(): readonly ModelClient[] {
    return [...this.byId.values()];
  }

  clear(): void {
    this.byId.clear();
  }
}
