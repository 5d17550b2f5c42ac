import { linkOnce } from '@linkbroker/simulator';
import { noteSecret, noteSecretsIn } from '@linkbroker/testing';
import type { Stage } from './stage.js';

/** One answer of the broker, or the lack of one. */
export interface Observed {
  /** 0 when the connection was refused or cut. */
  readonly status: number;
  readonly ms: number;
  readonly error: string;
  readonly retryAfter: string | null;
}

/** Households whose Alexa refreshes without a pause, each following its own newest token. */
export class AlexaChains {
  readonly observed: Observed[] = [];
  private running = true;
  private readonly loops: Promise<void>[];

  private constructor(
    private readonly stage: Stage,
    private readonly tokens: string[],
  ) {
    this.loops = tokens.map((_, index) => this.follow(index));
  }

  /** Links once, and refreshes `count` chains from that grant's token on. */
  static async start(stage: Stage, count: number): Promise<AlexaChains> {
    const tokens: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const { brokerUrl, skill } = stage;
      const report = await linkOnce({ brokerUrl, skill, user: index % 2 ? 'bob' : 'alice', thorough: false });
      if (!report.link) throw new Error(`cannot link: ${JSON.stringify(report.failures)}`);
      tokens.push(noteSecret('refresh token', report.link.refreshToken));
    }
    return new AlexaChains(stage, tokens);
  }

  private async follow(index: number): Promise<void> {
    while (this.running) {
      const { observed, next } = await refreshOnce(this.stage, this.tokens[index] ?? '');
      this.observed.push(observed);
      if (next) this.tokens[index] = next;
      // A refused connection comes back at once; do not spin on it.
      if (observed.status === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(): Promise<readonly Observed[]> {
    this.running = false;
    await Promise.all(this.loops);
    return this.observed;
  }
}

/** One refresh as Alexa sends it. */
export async function refreshOnce(
  stage: Stage,
  token: string,
): Promise<{ observed: Observed; next: string | undefined }> {
  const began = performance.now();
  const { clientId, clientSecret } = stage.skill;
  const form = { grant_type: 'refresh_token', refresh_token: token, client_id: clientId, client_secret: clientSecret };
  try {
    const response = await fetch(`${stage.brokerUrl}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
    const body = (await response.json()) as { error?: string; refresh_token?: string };
    noteSecretsIn(body);
    const ms = performance.now() - began;
    const retryAfter = response.headers.get('retry-after');
    return { observed: { status: response.status, ms, error: body.error ?? '', retryAfter }, next: body.refresh_token };
  } catch (error) {
    return {
      observed: { status: 0, ms: performance.now() - began, error: String(error), retryAfter: null },
      next: undefined,
    };
  }
}
