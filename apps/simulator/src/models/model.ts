import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SimulatorContext } from '../context.js';
import { ExpiringMap } from '../expiring-map.js';
import { skewSeconds } from '../faults/play.js';
import type { FaultProvider } from '../faults/targets.js';
import { sendRefusal, type OAuthRefusal } from '../upstream/refusal.js';
import { createSigningKey, type SigningKey } from '../upstream/signing-key.js';
import { ModelClients, type ClientFlag, type ModelClient } from './clients.js';
import { Counters, type CounterValues } from './counters.js';
import { Ledger, type ModelSignIn } from './ledger.js';

export type ModelName = Exclude<FaultProvider, 'upstream' | 'lwa'>;

/** What makes one provider unlike the others. */
export interface ModelDefinition {
  readonly name: ModelName;
  /** On its pages. */
  readonly brand: string;
  /** The flags of clients that it knows. */
  readonly flags: readonly ClientFlag[];
  /** Its endpoints, below its prefix. */
  readonly routes: (server: FastifyInstance, model: Model) => void;
  /** How it puts a protocol error; as RFC 6749 §5.2 by default. */
  readonly refuse?: (reply: FastifyReply, refusal: OAuthRefusal, request: FastifyRequest) => FastifyReply;
}

export interface ModelCounters extends CounterValues {
  readonly liveRefreshTokens: ReturnType<Ledger['liveRefreshTokens']>;
}

/** One simulated provider: its clients, its clock, what it gave out and what it counted. */
export class Model {
  readonly name: ModelName;
  readonly brand: string;
  readonly clients: ModelClients;
  readonly ledger = new Ledger();
  readonly count = new Counters();
  /** Sign-in requests by handle, while the household fills in the form. */
  readonly signIns: ExpiringMap<ModelSignIn>;
  private offset = 0;
  private keyOnce: Promise<SigningKey> | undefined;

  /** @throws UnfitClient, ZodError for a client that the model cannot take */
  constructor(
    private readonly definition: ModelDefinition,
    readonly context: SimulatorContext,
    clients: readonly ModelClient[] = [],
  ) {
    this.name = definition.name;
    this.brand = definition.brand;
    this.clients = new ModelClients(definition.flags);
    for (const client of clients) this.clients.register(client);
    this.signIns = new ExpiringMap(() => this.clock());
  }

  /** The address above its endpoints, and its issuer where it has one. */
  origin(): string {
    return `${this.context.url()}/${this.name}`;
  }

  /** Made when it is first needed: a model that nobody uses costs nothing. */
  signingKey(): Promise<SigningKey> {
    this.keyOnce ??= createSigningKey();
    return this.keyOnce;
  }

  /** Milliseconds since 1970 by this provider's clock, for this request. */
  now(request: FastifyRequest): number {
    return this.clock() + skewSeconds(request) * 1000;
  }

  refuse(reply: FastifyReply, refusal: OAuthRefusal, request: FastifyRequest): FastifyReply {
    return this.definition.refuse?.(reply, refusal, request) ?? sendRefusal(reply, refusal, this.brand);
  }

  /** Moves the clock this far from the simulator's; not from where it was moved to before. */
  setClock(offsetSeconds: number): void {
    this.offset = offsetSeconds;
  }

  get offsetSeconds(): number {
    return this.offset;
  }

  counters(): ModelCounters {
    return { ...this.count.values(), liveRefreshTokens: this.ledger.liveRefreshTokens(this.clock()) };
  }

  /** Forgets clients, tokens, consents and counters, and sets the clock right. The signing key stays. */
  reset(): void {
    this.clients.clear();
    this.ledger.clear();
    this.count.clear();
    this.signIns.clear();
    this.offset = 0;
  }

  private clock(): number {
    return this.context.now() + this.offset * 1000;
  }
}
