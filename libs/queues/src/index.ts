/**
 * BullMQ: queue names, schedules, retry policy. BullMQ is transport; Postgres holds the truth, so a lost Redis loses
 * no work. Does not know what a job does (`linking`).
 */
export * from './connection.js';
export * from './housekeeping.queue.js';
