import { ruleFact } from '@linkbroker/alexa';
import type { Finding, Report } from '@linkbroker/doctor';

const KINDS = {
  pass: 'pass',
  fail: 'fail',
  warn: 'fail',
  'not-tested': 'open',
  'not-applicable': 'notApplicable',
} as const;

function describeRule(id: string) {
  const { text, level, source } = ruleFact(id);
  return { id, shortDescription: { text }, properties: { level }, ...(source === null ? {} : { helpUri: source }) };
}

function formatResult({ rule, status, title, evidence, remedy }: Finding, address: string) {
  const level = status === 'fail' ? 'error' : status === 'warn' ? 'warning' : 'none';
  return {
    ruleId: rule,
    kind: KINDS[status],
    level,
    message: { text: level === 'none' ? `${title}: ${evidence}` : `${title}: ${evidence}. ${remedy}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: address } } }],
  };
}

/** A report as SARIF 2.1.0. Every finding points to an address, for there is no file to point to. */
export function formatSarif({ target, startedAt, findings }: Report): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].map(describeRule);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'linkbroker doctor', rules } },
        invocations: [{ executionSuccessful: true, startTimeUtc: startedAt }],
        results: findings.map((finding) => formatResult(finding, target.tokenUrl ?? target.authorizeUrl)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
