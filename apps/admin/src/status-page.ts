import type { SchemaStatus } from '@linkbroker/persistence';
import type { Readiness } from '@linkbroker/telemetry';
import { html, STYLE_ELEMENT, type Html } from '@linkbroker/ui';

export interface StatusPage {
  readonly version: string;
  readonly startedAt: Date;
  readonly schema: SchemaStatus | undefined;
  readonly readiness: Readiness;
}

const row = (name: string, value: string): Html => html`<p>${name}: <strong>${value}</strong></p> `;

/** The operator's first look: version, migrations, stores. No tenant's data. */
export function renderStatusPage({ version, startedAt, schema, readiness }: StatusPage): string {
  const migrations = schema ? `${schema.current}${schema.upToDate ? '' : ' (not up to date)'}` : 'unknown';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Linkbroker status</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <h1>Linkbroker ${readiness.ready ? 'is ready' : 'is not ready'}</h1>
          ${row('Version', version)}${row('Started', `${startedAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`)}${row('Newest migration', migrations)}${Object.entries(readiness.checks).map(([name, state]) => row(name, state))}
        </main>
      </body>
    </html> `.markup;
}
