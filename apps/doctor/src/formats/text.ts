import type { Finding, Report, Status } from '@linkbroker/doctor';

const LABELS: Readonly<Record<Status, readonly [label: string, colour: number]>> = {
  pass: ['PASS', 32],
  fail: ['FAIL', 31],
  warn: ['WARN', 33],
  'not-tested': ['----', 90],
  'not-applicable': ['n/a ', 90],
};

function formatFinding({ rule, level, status, title, evidence, remedy, link }: Finding, colour: boolean): string {
  const [label, code] = LABELS[status];
  const painted = colour ? `\u001B[${code}m${label}\u001B[0m` : label;
  const head = `${painted} ${rule.padEnd(4)} ${level.padEnd(6)} ${title}\n            ${evidence}\n`;
  if (status !== 'fail' && status !== 'warn') return head;
  return `${head}            → ${remedy}\n${link === null ? '' : `            ${link}\n`}`;
}

/** A report for a terminal: every finding, then the sums. Terminal controls cannot come in by what a server said. */
export function formatText(report: Report, colour: boolean): string {
  const { target, startedAt, summary, findings } = report;
  const head = `${[target.authorizeUrl, target.tokenUrl, startedAt].filter(Boolean).join('\n')}\n\n`;
  const { pass, fail, warn, notTested, notApplicable } = summary;
  const sums = `\n${pass} passed, ${fail} failed, ${warn} to look at, ${notTested} not tested, ${notApplicable} not applicable\n`;
  const tame = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
  const lines = findings.map((finding) => {
    return formatFinding({ ...finding, evidence: tame(finding.evidence) }, colour);
  });
  return `${head}${lines.join('')}${sums}`;
}
