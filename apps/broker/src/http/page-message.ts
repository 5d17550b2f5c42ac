import type { MessageKey, MessagePage } from '@linkbroker/ui';

/** A page to answer with instead of the one asked for. */
export class PageMessage extends Error {
  constructor(
    readonly key: MessageKey,
    readonly status: number,
    readonly reference: string | null = null,
    readonly action?: MessagePage['action'],
  ) {
    super(key);
    this.name = 'PageMessage';
  }
}
