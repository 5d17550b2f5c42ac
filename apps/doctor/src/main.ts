import { runDoctor } from './command.js';

try {
  process.exitCode = await runDoctor(process.argv.slice(2), process.env, {
    out: (text) => void process.stdout.write(text),
    err: (line) => void process.stderr.write(`${line}\n`),
    colour: process.stdout.isTTY && !process.env['NO_COLOR'],
  });
} catch (error) {
  // Name and place of a mistake of ours, not its message: it could quote what was sent or received.
  const [, ...places] = String((error as Error).stack).split('\n');
  process.stderr.write(`doctor: unexpected ${(error as Error).name}\n${places.slice(0, 5).join('\n')}\n`);
  process.exitCode = 2;
}
