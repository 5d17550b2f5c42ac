import type { MessageAction, MessageKey } from '@linkbroker/ui';

/** A page to answer with instead of the one asked for. */
export class PageMessage extends Error {
  constructor(
    readonly key: MessageKey,
    readonly status: number,
    readonly reference: string | null = null,
    readonly action?: MessageAction,
  ) {
    super(key);
    this.name = 'PageMessage';
  }
}
