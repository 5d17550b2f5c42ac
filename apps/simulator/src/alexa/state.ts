import { randomBytes, randomUUID } from 'node:crypto';

/** Amazon's states observed in November 2024 had this length (R28): standard base64, padded. */
export const stateLength = 1108;

/** One hour from the start of the request to its end (R31). */
export const stateLifetimeMs = 3_600_000;

/** Decoded, `+/+/`: no state may come without the characters that careless servers break (R29). */
const awkward = Buffer.from([0xfb, 0xff, 0xbf]);

/** 830 bytes make 1,108 characters of base64 with one `=`. */
const stateBytes = 830;

/** A state as Amazon's: binary around JSON with these members (R30), opaque to everybody else, never the same twice. */
export function createState(about: { vendorId: string; skillId: string; redirectHost: string; now: number }): string {
  const json = JSON.stringify({
    validationCode: randomBytes(8).toString('hex'),
    directedId: `amzn1.account.${randomBytes(14).toString('hex').toUpperCase()}`,
    partnerId: about.vendorId,
    applicationDomain: about.redirectHost,
    expirationTimeInMillis: about.now + stateLifetimeMs,
    userState: {
      requestRealm: 'USAmazon',
      skillId: about.skillId.slice(0, 64),
      csrfToken: randomUUID(),
      requestIngress: 'ALEXA_APP',
      customerId: randomBytes(7).toString('hex').toUpperCase(),
      requestDeviceFamily: 'iOS',
      skillStage: 'development',
      requestStartTime: about.now,
    },
  });
  const head = Buffer.concat([Buffer.from('Amas', 'base64'), awkward, randomBytes(9), Buffer.from(json)]);
  const rest = randomBytes(Math.max(0, stateBytes - head.length));
  return Buffer.concat([head, rest]).subarray(0, stateBytes).toString('base64');
}
