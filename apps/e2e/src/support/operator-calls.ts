import { noteSecretsIn } from '@linkbroker/testing';

interface RunningAdmin {
  readonly url: string;
  readonly operatorKey: string;
}

/** Calls of the admin API as whoever holds the operator key. They throw where the API refuses. */
export const operatorCalls =
  ({ url, operatorKey }: RunningAdmin) =>
  async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    if (body) noteSecretsIn(body);
    const headers = { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' };
    const request = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${url}/api/v1${path}`, request);
    if (!answer.ok) throw new Error(`${method} ${path}: ${String(answer.status)} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
