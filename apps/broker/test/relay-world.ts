import { createLogger } from '@linkbroker/telemetry';
import { watchedLog } from '@linkbroker/testing';
import { createBroker } from '../src/index.js';
import type { Answer } from './alexa.js';
import { json, startRelayUpstream, type RelayUpstream } from './relay-upstream.js';
import { startTestBroker, type TestBroker } from './test-broker.js';

/** A skill whose existing server knows the credentials that Alexa presents. */
export const PASSED = { clientId: 'alexa-passed', clientSecret: 'passed-secret+/=&' };
/** A skill whose existing server knows another client, by Basic. */
export const OWN = { clientId: 'alexa-own', clientSecret: 'own-secret-1' };
export const BACKEND = { clientId: 'relay-backend', clientSecret: 'relay-backend-secret' };
export const THEIR_SECRET = 'their-secret+/=';

/** Two brokers on the same stores before one strict existing server. */
export interface RelayWorld {
  readonly broker: TestBroker;
  /** The second broker, spoken to like the first. */
  readonly door: TestBroker;
  readonly upstream: RelayUpstream;
  /** Adds the two skills to a config file. */
  readonly withRelays: (yaml: string) => string;
  /** What both brokers have logged. */
  readonly log: () => string;
  /** Resolves when this many claims of tokens have been decided since. */
  readonly claims: (count: number) => Promise<void>;
  /** A well server that rotates, and the time of day. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

export const text = (answer: Answer): string => JSON.stringify(answer.body);

const skillsOf = (url: string): string => {
  const relay = `authorizationUrl: "https://id.example.com/authorize?access_type=offline", tokenUrl: "${url}/token"`;
  const common = 'vendorId: M3KVOEXUO4ALBL, scopes: [lights]';
  return `      - { slug: passed, name: Passed, clientId: ${PASSED.clientId}, clientSecret: "${PASSED.clientSecret}", ${common}, relay: { ${relay} } }
      - { slug: own, name: Own, clientId: ${OWN.clientId}, clientSecret: ${OWN.clientSecret}, ${common}, accessTokenTtl: 7200, relay: { ${relay}, clientId: their-client, clientSecret: "${THEIR_SECRET}", scheme: HTTP_BASIC }, backend: { clientId: ${BACKEND.clientId}, clientSecret: ${BACKEND.clientSecret} } }
`;
};

/** Counts decided claims, over all brokers. */
function countClaims(stores: readonly TestBroker['broker']['needs']['relayedTokens'][]): RelayWorld['claims'] {
  let decided = 0;
  let waiting: (() => void)[] = [];
  for (const store of stores) {
    const claim = store.claim.bind(store);
    store.claim = async (...given) => {
      const result = await claim(...given);
      decided += 1;
      waiting.forEach((look) => look());
      return result;
    };
  }
  return (count) => {
    const until = decided + count;
    return new Promise((resolve) => {
      const look = (): void => {
        if (decided >= until) resolve();
      };
      waiting = [...waiting, look];
    });
  };
}

export async function startRelayWorld(): Promise<RelayWorld> {
  const upstream = await startRelayUpstream();
  const broker = await startTestBroker();
  const withRelays = (yaml: string): string =>
    yaml.replace('  - slug: rival', `${skillsOf(upstream.url)}  - slug: rival`);
  await broker.apply(withRelays);
  let lines = '';
  const watched = watchedLog('broker');
  const destination = {
    write: (line: string) => {
      lines += line;
      watched.write(line);
    },
  };
  const logger = createLogger({ app: 'broker', level: 'info', destination });
  const replica = await createBroker(broker.env, logger, broker.clock.now);
  await replica.app.listen(0, '127.0.0.1');
  return {
    broker,
    door: { ...broker, url: await replica.app.getUrl() },
    upstream,
    withRelays,
    log: () => broker.log() + lines,
    claims: countClaims([broker.broker.needs.relayedTokens, replica.needs.relayedTokens]),
    reset: () => {
      broker.clock.set(new Date());
      Object.assign(upstream, { style: json, rotates: true });
      upstream.faults.length = 0;
    },
    close: async () => {
      await replica.close();
      await broker.close();
      await upstream.close();
    },
  };
}
