import type { Finding, Report } from '@linkbroker/doctor';
import { escape } from './escape.js';

function formatCase(finding: Finding): string {
  const { rule, level, status, title, evidence, remedy, link } = finding;
  const open = `    <testcase classname="${rule}" name="${escape(title)}"`;
  const text = escape([evidence, remedy, link ?? ''].filter(Boolean).join('\n'));
  if (status === 'fail') {
    return `${open}>\n      <failure type="${level}" message="${escape(evidence)}">${text}</failure>\n    </testcase>`;
  }
  if (status === 'warn') return `${open}>\n      <system-out>warning: ${text}</system-out>\n    </testcase>`;
  if (status === 'pass') return `${open}/>`;
  return `${open}>\n      <skipped message="${escape(`${status}: ${evidence}`)}"/>\n    </testcase>`;
}

/** A report as JUnit's XML. Warnings are passed cases with an output; what was not tested is skipped. */
export function formatJunit({ startedAt, summary, findings }: Report): string {
  const skipped = summary.notTested + summary.notApplicable;
  const counts = `tests="${findings.length}" failures="${summary.fail}" errors="0" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="linkbroker doctor" timestamp="${startedAt}" ${counts}>`,
    ...findings.map(formatCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
