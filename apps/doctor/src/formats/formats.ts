import type { Report } from '@linkbroker/doctor';
import { formatHtml } from './html.js';
import { formatJunit } from './junit.js';
import { formatSarif } from './sarif.js';
import { formatText } from './text.js';

export type Format = 'text' | 'json' | 'junit' | 'sarif' | 'html';

/** What does not stand in the report. */
export interface Beside {
  readonly colour: boolean;
  /** PNG of the first page; only the page shows it. */
  readonly screenshot?: Uint8Array | undefined;
}

/** A report as a text that ends with a line break. */
export const FORMATS: Readonly<Record<Format, (report: Report, beside: Beside) => string>> = {
  text: (report, { colour }) => formatText(report, colour),
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  junit: formatJunit,
  sarif: formatSarif,
  html: (report, { screenshot }) => formatHtml(report, screenshot),
};
