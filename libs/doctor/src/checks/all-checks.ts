import type { Check } from '../check.js';
import { ACCEPT_GRANT_CHECKS } from './accept-grant.js';
import { AUTHORIZATION_CHECKS } from './authorization-request.js';
import { CODE_CHECKS } from './codes.js';
import { CONFIGURATION_CHECKS } from './configuration.js';
import { PAGE_CHECKS } from './pages.js';
import { REFRESH_CHECKS } from './refreshing.js';
import { TOKEN_ANSWER_CHECKS } from './token-answers.js';
import { TOKEN_ERROR_CHECKS } from './token-errors.js';
import { TRANSPORT_CHECKS } from './transport.js';
import { WAY_BACK_CHECKS } from './way-back.js';

/** Every check, in the order in which they run and are reported: prerequisites first, what may end a link last. */
export const ALL_CHECKS: readonly Check[] = [
  ...CONFIGURATION_CHECKS,
  ...TRANSPORT_CHECKS,
  ...AUTHORIZATION_CHECKS,
  ...PAGE_CHECKS,
  ...WAY_BACK_CHECKS,
  ...TOKEN_ANSWER_CHECKS,
  ...ACCEPT_GRANT_CHECKS,
  ...TOKEN_ERROR_CHECKS,
  ...CODE_CHECKS,
  ...REFRESH_CHECKS,
];
