import {
  checkCertificateUrl,
  isOfNow,
  isSignedBy,
  readSkillEvent,
  secondsGood,
  type AlexaRequest,
  type ReadSkillEvent,
  type SkillEvent,
} from '@linkbroker/alexa';
import type { Deadline, Skill } from '@linkbroker/contracts';
import { EgressFailed, EgressRefused } from '@linkbroker/egress';
import type { IncomingHttpHeaders } from 'node:http';
import { SkillEventRefused } from './skill-event-refused.js';
import { UntrustedCertificate, type SigningCertificate } from './signing-certificate.js';

export interface SkillEventAuthentication {
  readonly now: () => Date;
  /** Where certificates have to be. */
  readonly certificateOrigin: string;
  readonly certificates: { find(url: string, skillId: string, deadline: Deadline): Promise<SigningCertificate> };
}

interface SignedRequest {
  readonly headers: IncomingHttpHeaders;
  /** As it came. */
  readonly body: string;
}

/**
 * Makes sure that a request is one of Alexa's events, for this skill and of now: the certificate's address, its chain, the
 * signature over the body, and then what the body says, in this order.
 * @throws SkillEventRefused, of which `unreachable` is no judgement; anything else is a failure to look
 * @see R201–R205
 */
export async function authenticateSkillEvent(
  needs: SkillEventAuthentication,
  skill: Skill,
  { headers, body }: SignedRequest,
  deadline: Deadline,
): Promise<SkillEvent> {
  await checkSignature(needs, skill, { headers, body }, deadline);
  const read = readSkillEvent(body);
  if (read.kind === 'malformed') {
    throw new SkillEventRefused('malformed', `The body is no request of Alexa's: look at ${read.place}.`);
  }
  checkRequest(read.request, skill, needs.now());
  return checkKind(read);
}

async function checkSignature(
  needs: SkillEventAuthentication,
  skill: Skill,
  { headers, body }: SignedRequest,
  deadline: Deadline,
): Promise<void> {
  const [chain, signature] = [one(headers['signaturecertchainurl']), one(headers['signature-256'])];
  if (chain === undefined || signature === undefined) {
    const old = headers['signature'] === undefined ? '' : ' The older header Signature alone, with SHA-1, does not do.';
    throw new SkillEventRefused(
      'no_signature',
      `The headers SignatureCertChainUrl and Signature-256 are both needed.${old}`,
    );
  }
  const address = checkCertificateUrl(chain, needs.certificateOrigin);
  if (!address.ok) {
    throw new SkillEventRefused('certificate_url', `SignatureCertChainUrl is not Amazon's: ${address.reason}.`);
  }
  const certificate = await needs.certificates.find(address.url, skill.id, deadline).catch((error: unknown) => {
    throw explained(error);
  });
  if (!isSignedBy(certificate.key, body, signature)) {
    throw new SkillEventRefused('signature', 'Signature-256 does not belong to this body and certificate.');
  }
}

function explained(error: unknown): unknown {
  if (error instanceof UntrustedCertificate) {
    return new SkillEventRefused('certificate', `The signing certificate does not do: ${error.message}.`);
  }
  const isAway = error instanceof EgressFailed || error instanceof EgressRefused;
  return isAway ? new SkillEventRefused('unreachable', 'The signing certificate cannot be had.', error.message) : error;
}

/** node joins what came twice with a comma, which neither an address of Amazon's nor a signature holds. */
const one = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' && header !== '' ? header : undefined;

function checkRequest({ type, timestamp, applicationId }: AlexaRequest, skill: Skill, now: Date): void {
  if (!isOfNow(type, timestamp, now)) {
    const age = Math.round((now.getTime() - timestamp.getTime()) / 1_000);
    throw new SkillEventRefused(
      'too_old',
      `request.timestamp is not within ${String(secondsGood(type))} seconds of now.`,
      `the request is ${String(age)} s old`,
    );
  }
  if (skill.alexaSkillId === undefined) {
    throw new SkillEventRefused('no_skill_id', "The skill has no `skillId` in the broker's configuration.");
  }
  if (applicationId !== skill.alexaSkillId) {
    const message = 'context.System.application.applicationId is not the skillId of this skill.';
    throw new SkillEventRefused('other_skill', message, `the request is for ${applicationId.slice(0, 100)}`);
  }
}

function checkKind(read: Exclude<ReadSkillEvent, { kind: 'malformed' }>): SkillEvent {
  if (read.kind === 'skill-event') return read.event;
  throw new SkillEventRefused(
    'no_event',
    'Only skill events (AlexaSkillEvent.…) are answered here; the skill itself answers all other requests.',
    read.request.type.slice(0, 100),
  );
}
