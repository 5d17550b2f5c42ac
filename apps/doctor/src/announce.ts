import { BUDGET, HANDLER_DIRECTIVES, reachableHosts, type Target } from '@linkbroker/doctor';
import type { Arguments } from './arguments.js';

/** What a run is going to do, before it does it. */
export function announce(target: Target, { slow }: Arguments): readonly string[] {
  const { authorizeUrl, tokenUrl, clientId, acceptGrant: handler, login } = target;
  return [
    `checks ${authorizeUrl} and ${tokenUrl} as the client ${clientId}`,
    `this signs a real account in up to ${BUDGET.signIns} times, makes links, refreshes their tokens, presents old ` +
      `ones, wrong secrets and unknown codes, with ${BUDGET.requests} requests of its own at most. Links made by it may be left behind; ` +
      'a server that punishes reused tokens will end them, and some lock accounts: use a test account.',
    ...(handler === undefined
      ? []
      : [
          `up to ${HANDLER_DIRECTIVES} AcceptGrant directives go to ${'url' in handler ? handler.url : 'the program of acceptGrant'}, with a token of ` +
            `the test account and ${handler.code === undefined ? 'a made-up code' : 'the code of the target'}: a handler may store what it gets.`,
        ]),
    ...('manual' in login ? ['a browser opens for each sign-in; close its window to give up.'] : []),
    `it talks to ${[...reachableHosts(target)].join(', ')} and nobody else${slow ? '; --slow takes over ten minutes' : ''}`,
  ];
}
