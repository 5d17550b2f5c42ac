import type { Report } from '@linkbroker/doctor';
import { formatHtml } from './html.js';
import { formatJunit } from './junit.js';
import { formatSarif } from './sarif.js';
import { formatText } from './text.js';

export type Format = 'text' | 'json' | 'junit' | 'sarif' | 'html';

/** A report as a text that ends with a line break. */
export const FORMATS: Readonly<Record<Format, (report: Report, colour: boolean) => string>> = {
  text: formatText,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  junit: formatJunit,
  sarif: formatSarif,
  html: formatHtml,
};
