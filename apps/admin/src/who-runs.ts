/** Whoever runs a command on this machine; in a container there may be no name. */
export const whoRuns = (): string => process.env['USER'] ?? `user ${String(process.getuid?.() ?? 'unknown')}`;
