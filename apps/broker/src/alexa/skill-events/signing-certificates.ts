import type { Deadline } from '@linkbroker/contracts';
import { EgressFailed, type Egress } from '@linkbroker/egress';
import { Rations } from '@linkbroker/telemetry';
import type { X509Certificate } from 'node:crypto';
import { proveCertificate, type SigningCertificate } from './signing-certificate.js';

export interface SigningCertificatesOptions {
  readonly egress: Pick<Egress, 'send'>;
  /** Asked at every proof: a file of them may come after the broker. */
  readonly roots: () => Promise<readonly X509Certificate[]>;
  readonly now: () => Date;
}

interface Kept<T> {
  readonly value: T;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

const FETCH_MS = 2_000;
const KEEP_MS = 60 * 60_000;
const KEEP_FAILURE_MS = 10_000;
const MOST_KEPT = 20;
const MOST_BYTES = 64 * 1024;
/**
 * Addresses that never held a good certificate: looked up for anybody who sends one, and fewer than egress has slots for a
 * host. At one skill's address somebody can use up no more than that skill's part.
 */
const UNKNOWN = { most: 10, ofSkill: 6, spanMs: 10_000 };

/**
 * Certificates that Alexa signs with, by their address: fetched once for all who ask at the same time, proved, and used
 * for an hour while their chain is of its time. Nothing is served past that, whoever is away.
 */
export class SigningCertificates {
  private readonly proved = new Map<string, Kept<SigningCertificate>>();
  private readonly failed = new Map<string, Kept<unknown>>();
  private readonly fetches = new Map<string, Promise<SigningCertificate>>();
  private readonly rations = new Rations(UNKNOWN.most, UNKNOWN.spanMs);
  private readonly parts = new Rations(UNKNOWN.ofSkill, UNKNOWN.spanMs);

  constructor(private readonly options: SigningCertificatesOptions) {}

  /**
   * @param url one that `checkCertificateUrl` has accepted
   * @param skillId at whose address it was named
   * @throws UntrustedCertificate; EgressFailed, EgressRefused and those of `roots` when it could not look
   */
  async find(url: string, skillId: string, deadline: Deadline): Promise<SigningCertificate> {
    const now = this.options.now();
    const known = this.proved.get(url);
    if (known && known.until > now.getTime() && isGood(known.value, now)) return known.value;
    const failure = this.failed.get(url);
    if (failure && failure.until > now.getTime()) throw failure.value;
    const running = this.fetches.get(url);
    if (running) return running;
    if (!known && !this.mayLookUp(skillId, now.getTime())) {
      throw new EgressFailed('too many unknown certificates are asked for', { sent: false });
    }
    const fetching = this.fetch(url, Math.min(deadline, performance.now() + FETCH_MS)).finally(() =>
      this.fetches.delete(url),
    );
    this.fetches.set(url, fetching);
    return fetching;
  }

  private mayLookUp(skillId: string, nowMs: number): boolean {
    return this.parts.take(skillId, nowMs) && this.rations.take('', nowMs);
  }

  private async fetch(url: string, deadline: Deadline): Promise<SigningCertificate> {
    try {
      const pem = await this.download(url, deadline);
      const value = await proveCertificate(pem, await this.options.roots(), this.options.now());
      this.failed.delete(url);
      keep(this.proved, url, { value, until: this.options.now().getTime() + KEEP_MS });
      return value;
    } catch (error) {
      keep(this.failed, url, { value: error, until: this.options.now().getTime() + KEEP_FAILURE_MS });
      throw error;
    }
  }

  private async download(url: string, deadline: Deadline): Promise<string> {
    const headers = { accept: 'application/x-pem-file, */*' };
    const { status, body } = await this.options.egress.send({
      ...{ method: 'GET', url, headers, deadline, purpose: 'upstream' },
    });
    const { host } = new URL(url);
    if (status !== 200) throw new EgressFailed(`${host} answered ${String(status)}`);
    if (Buffer.byteLength(body) > MOST_BYTES) throw new EgressFailed(`${host}: answer too large`);
    return body;
  }
}

const isGood = ({ notBefore, notAfter }: SigningCertificate, at: Date): boolean => notBefore <= at && at <= notAfter;

function keep<T>(kept: Map<string, Kept<T>>, url: string, entry: Kept<T>): void {
  kept.delete(url);
  const [oldest] = kept.keys();
  if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(url, entry);
}
