/**
 * The doctor's command line: reads a target, sends, signs in by a program or in Chromium, writes the report. Owns the
 * formats and everything that touches the world. Does not own what is checked (`libs/doctor`).
 */
export { runDoctor, type Terminal } from './command.js';
export type { ConfinedOrder } from './confined-run.js';
export { formatHtml } from './formats/html.js';
