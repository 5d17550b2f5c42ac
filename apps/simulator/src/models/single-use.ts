import { isLive, type Token } from './ledger.js';
import type { Call } from './token-route.js';

export type Spent = { readonly token: Token } | { readonly refused: 'reused' | 'unknown'; readonly token?: Token };

/**
 * Uses up a refresh token that is good for one use, if it is alive and this client's. One that was used before is
 * counted; what follows from that is the provider's affair.
 */
export function spendRefreshToken({ model, params, now }: Call, clientId: string): Spent {
  const token = model.ledger.find(params.get('refresh_token') ?? '', 'refresh');
  if (token?.grant.account.clientId !== clientId) return { refused: 'unknown' };
  if (token.ended === 'spent') {
    model.count.count('reuseDetections');
    return { refused: 'reused', token };
  }
  if (!isLive(token, now)) return { refused: 'unknown' };
  token.ended = 'spent';
  return { token };
}
