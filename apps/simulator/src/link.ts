import { runLinkCommand } from './link/command.js';

process.exitCode = await runLinkCommand(process.argv.slice(2), process.env, {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  colour: process.stdout.isTTY && !process.env.NO_COLOR,
});
