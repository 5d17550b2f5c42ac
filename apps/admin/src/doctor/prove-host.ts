import { EgressRefused } from '@linkbroker/egress';
import type { DoctorHost, HostProof } from '@linkbroker/persistence';
import type { DoctorNeeds } from './doctor-needs.js';

const DAY_MS = 86_400_000;
/** After this it has to be proven again: names change hands. */
const PROOF_DAYS = 90;
const LOOK_MS = 8_000;

/** What proves a host, to be put there by whoever it belongs to. */
export const proofsOf = ({ host, token }: Pick<DoctorHost, 'host' | 'token'>) => ({
  dns: { name: `_linkbroker.${host}`, value: `linkbroker-verification=${token}` },
  wellKnown: { url: `https://${host}/.well-known/linkbroker-verification.txt`, body: token },
});

/** Until when a proof counts; null where there is none. */
export const proofExpiry = ({ provenAt }: Pick<DoctorHost, 'provenAt'>): Date | null =>
  provenAt && new Date(provenAt.getTime() + PROOF_DAYS * DAY_MS);

/** Whether a host counts as the tenant's. */
export function isProven(host: Pick<DoctorHost, 'provenAt'>, now: Date): boolean {
  const until = proofExpiry(host);
  return until !== null && until > now;
}

/** What came of looking for a proof. */
export interface Looked {
  readonly proof: HostProof | null;
  /** What was seen instead, without what is published there. */
  readonly seen: readonly string[];
}

/** Looks for both proofs at the same time. Whatever is not found is said, and is no error. */
export async function proveHost(needs: Pick<DoctorNeeds, 'resolveTxt' | 'egress'>, host: DoctorHost): Promise<Looked> {
  const { dns, wellKnown } = proofsOf(host);
  const [record, file] = await Promise.all([lookInDns(needs, dns), lookAtFile(needs, wellKnown)]);
  if (record === null) return { proof: 'dns', seen: [] };
  if (file === null) return { proof: 'well-known', seen: [] };
  return { proof: null, seen: [record, file] };
}

/** Null where the record is there. */
async function lookInDns(
  { resolveTxt }: Pick<DoctorNeeds, 'resolveTxt'>,
  { name, value }: { readonly name: string; readonly value: string },
): Promise<string | null> {
  try {
    const records = await resolveTxt(name);
    if (records.includes(value)) return null;
    return `${name}: ${String(records.length)} TXT record(s), none of them this one`;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return `${name}: no TXT record (${typeof code === 'string' ? code : 'no answer'})`;
  }
}

async function lookAtFile(
  { egress }: Pick<DoctorNeeds, 'egress'>,
  { url, body }: { readonly url: string; readonly body: string },
): Promise<string | null> {
  try {
    const answer = await egress.send({
      ...{ method: 'GET', url, headers: { accept: 'text/plain' }, purpose: 'doctor' },
      deadline: performance.now() + LOOK_MS,
    });
    if (answer.status !== 200) return `${url}: HTTP ${String(answer.status)}`;
    return answer.body.trim() === body ? null : `${url}: another text`;
  } catch (error) {
    if (error instanceof EgressRefused) return `${url}: an address that is not looked at`;
    return `${url}: no answer`;
  }
}
