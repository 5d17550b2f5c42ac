import { PALETTE } from '@linkbroker/ui';
import { ACCENT, NIGHT } from './palette.js';

test('the console is drawn in the colours of the link pages', () => {
  expect(ACCENT[7]).toBe(PALETTE.light.accent);
  expect(ACCENT[3]).toBe(PALETTE.dark.accent);
  expect([NIGHT[0], NIGHT[2], NIGHT[5], NIGHT[6], NIGHT[7]]).toEqual([
    PALETTE.dark.ink,
    PALETTE.dark.soft,
    PALETTE.dark.line,
    PALETTE.dark.card,
    PALETTE.dark.page,
  ]);
});
