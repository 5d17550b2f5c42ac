import { runConfined, type ConfinedMessage, type ConfinedOrder } from './confined-run.js';

const LONGEST_ORDER = 1_000_000;

/** The first line of standard input. Whoever started this keeps the other end open: when that closes, so does this. */
function readOrder(): Promise<ConfinedOrder> {
  return new Promise((resolve) => {
    let text = '';
    process.stdin.setEncoding('utf8').on('data', (chunk: string) => {
      if (text.length > LONGEST_ORDER) process.exit(2);
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(JSON.parse(text.slice(0, end)) as ConfinedOrder);
    });
    process.stdin.on('end', () => process.exit(2)).on('error', () => process.exit(2));
  });
}

const write = (message: ConfinedMessage): Promise<void> =>
  new Promise((resolve) => process.stdout.write(`${JSON.stringify(message)}\n`, () => resolve()));

let written = Promise.resolve();
await runConfined(await readOrder(), process.env, (message) => {
  written = write(message);
});
await written;
process.exit(0);
