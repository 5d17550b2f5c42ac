/**
 * The moment by which an answer must have left, as a `performance.now()` value in milliseconds. One deadline is made
 * when a request arrives and shared by everything done for it: pool waits, connects, statements, outbound calls.
 */
export type Deadline = number;

/** Milliseconds a token endpoint request may take, leaving a second of Alexa's 4.5 for the network. @see R12, R13 */
export const TOKEN_DEADLINE_MS = 3_500;

/** Milliseconds a page may take before it says that it cannot answer. */
export const PAGE_DEADLINE_MS = 8_000;
