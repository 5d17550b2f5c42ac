import { isFailure, meaningOf, type Finding } from '../alexa/rules.js';
import type { Exchange } from '../alexa/exchange.js';
import { redactPath, redactQuery } from '../http/redact.js';
import type { Hop } from './phone-browser.js';

export interface Failure {
  readonly step: string;
  readonly rule: string;
  readonly says: string;
  readonly means: string;
}

const lineWidth = 118;

const colours = { green: 32, red: 31, yellow: 33, dim: 2, bold: 1 };

/** Writes down a link step by step, readable by people, without secrets, and keeps the count. */
export class Transcript {
  readonly failures: Failure[] = [];
  passed = 0;
  warned = 0;
  private steps = 0;
  private title = '';

  constructor(
    private readonly write: (line: string) => void,
    private readonly colour = false,
  ) {}

  /** Number and title of the current step, for the last line. */
  get current(): string {
    return `step ${this.steps} (${this.title})`;
  }

  line(text = ''): void {
    this.write(text);
  }

  paint(text: string, colour: keyof typeof colours): string {
    return this.colour ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;
  }

  step(title: string): void {
    this.steps += 1;
    this.title = title;
    this.write('');
    this.write(`${String(this.steps).padStart(2)}  ${this.paint(title, 'bold')}`);
  }

  note(text: string): void {
    this.write(`    ${this.paint(text, 'dim')}`);
  }

  hop({ method, url, answer, location, followed }: Hop): void {
    this.sent(method, url, redactQuery(url));
    if (location === undefined || followed) {
      this.came(`${answer.status}  ${answer.ms} ms  ${followed ? 'redirect' : (answer.headers['content-type'] ?? '')}`);
      return;
    }
    this.came(`${answer.status}  ${answer.ms} ms  redirect to ${redactPath(location)}`);
    this.list(redactQuery(location), ' '.repeat(11));
  }

  exchange({ request, answer, note }: Exchange): void {
    const authorization = request.authorization ? [`Authorization: ${request.authorization}`] : [];
    const params = request.params.map(([name, value]) => `${name}=${value}`);
    this.sent(request.method, request.url, [...authorization, ...params]);
    if ('problem' in answer) this.came(`${answer.problem}  ${answer.ms} ms`);
    else this.came(`${answer.status}  ${answer.ms} ms  ${answer.body}`);
    if (note) this.note(`       ${note}`);
  }

  /** What passed goes on as few lines as possible; what did not has lines of its own. */
  findings(findings: readonly Finding[]): void {
    const passed = findings.filter((finding) => finding.ok);
    this.passed += passed.length;
    const pass = `    ${this.paint('PASS', 'green')} `;
    this.list(
      passed.map(({ rule, says }, index) => `${rule} ${says}${index < passed.length - 1 ? ' ·' : ''}`),
      pass,
      9,
    );
    for (const finding of findings) if (!finding.ok) this.finding(finding);
  }

  private sent(method: string, url: string, params: readonly string[]): void {
    this.write(`    → ${method.padEnd(4)} ${redactPath(url)}`);
    this.list(params, ' '.repeat(11));
  }

  private came(text: string): void {
    this.write(`    ← ${text}`);
  }

  /** Items one after the other, in lines that a terminal does not break. */
  private list(items: readonly string[], first: string, indent = first.length): void {
    let line = first;
    let used = indent;
    for (const item of items) {
      if (used > indent && used + item.length > lineWidth) {
        this.write(line.trimEnd());
        line = ' '.repeat(indent);
        used = indent;
      }
      line += `${item} `;
      used += item.length + 1;
    }
    if (items.length > 0) this.write(line.trimEnd());
  }

  /** A finding that is not all right, with what it means. */
  finding(finding: Finding): void {
    const { rule, says } = finding;
    const failed = isFailure(finding);
    this.write(`    ${failed ? this.paint('FAIL', 'red') : this.paint('WARN', 'yellow')} ${rule}  ${says}`);
    this.note(`     means: ${meaningOf(rule)}`);
    if (failed) this.failures.push({ step: this.current, rule, says, means: meaningOf(rule) });
    else this.warned += 1;
  }
}
