import { ConfigError, configFile, type ConfigFile, type ConfigProblem } from '@linkbroker/contracts';
import { eventComplaints } from './check-events.js';
import { grantComplaints } from './check-grants.js';
import { relayComplaints } from './check-relay.js';
import { connectorComplaints, tokenModeComplaints, type Complaint } from './check-upstreams.js';
import { webhookComplaints } from './check-webhooks.js';
import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';

type Path = readonly PropertyKey[];
type LineAt = (offset: number | undefined) => number | null;

/**
 * Reads a config file: YAML, `${ENV}` substituted in parsed scalars, every key and value checked.
 * @param env where `${NAME}` comes from
 * @throws ConfigError listing every problem with its line
 * @see docs/config-file.md
 */
export function readConfigFile(text: string, env: Readonly<Record<string, string | undefined>>): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const lineAt: LineAt = (offset) => (offset === undefined ? null : lines.linePos(offset).line);
  const syntax = document.errors.map((error) => ({
    line: lineAt(error.pos[0]),
    path: '',
    message: error.message.split('\n')[0] ?? 'not YAML',
  }));
  syntax.push(...findBrokenAliases(document, lineAt));
  if (syntax.length > 0) throw new ConfigError(syntax);

  const problems: ConfigProblem[] = substituteEnvironment(document, env, lineAt);
  const parsed = configFile.safeParse(document.toJS());
  if (!parsed.success) {
    const locate = (path: Path): number | null => lineAt(offsetOf(document, path));
    problems.push(...parsed.error.issues.flatMap((issue) => describeIssue(issue, locate)));
  }
  const config = parsed.success ? parsed.data : undefined;
  if (config) problems.push(...crossCheck(config, (path) => lineAt(offsetOf(document, path))));
  if (problems.length > 0 || !config) throw new ConfigError(dedupe(problems));
  return config;
}

/** Aliases of nothing: most often a secret that begins with `*`, so the name is not repeated. */
function findBrokenAliases(
  document: Document,
  lineAt: LineAt,
): { line: number | null; path: string; message: string }[] {
  const lines: (number | null)[] = [];
  visit(document, {
    Alias(_key, node) {
      if (!node.resolve(document)) lines.push(lineAt(node.range?.[0]));
    },
  });
  const message = 'an alias that names no anchor before it; a value that begins with * must be quoted';
  return lines.map((line) => ({ line, path: '', message }));
}

const VARIABLE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Replaces `${NAME}` in string scalars, after parsing, so that a value can never change the structure. */
function substituteEnvironment(
  document: Document,
  env: Readonly<Record<string, string | undefined>>,
  lineAt: LineAt,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return;
      node.value = node.value.replace(VARIABLE, (match, name: string | undefined) => {
        if (name === undefined) return '${';
        const value = env[name];
        if (value === undefined) {
          problems.push({
            line: lineAt(node.range?.[0]),
            path: '',
            message: `environment variable ${name} is not set`,
          });
        }
        return value ?? match;
      });
    },
  });
  return problems;
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: Path;
  readonly message: string;
  readonly keys?: readonly string[];
}

function describeIssue(issue: Issue, locate: (path: Path) => number | null): ConfigProblem[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ line: locate(issue.path), path: formatPath(issue.path), message: issue.message }];
  }
  return (issue.keys ?? []).map((key) => {
    const path = [...issue.path, key];
    return { line: locate(path), path: formatPath(path), message: 'unknown key' };
  });
}

/** The offset of the key at a path, or of the nearest thing around it that exists. */
function offsetOf(document: Document, path: Path): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const offset = exactOffset(document, path.slice(0, length));
    if (offset !== undefined) return offset;
  }
  return undefined;
}

function exactOffset(document: Document, path: Path): number | undefined {
  const parent = path.length === 0 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent) && last !== undefined) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === last);
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

/** What no single value can break: names used twice, connectors that do not exist. */
function crossCheck(config: ConfigFile, locate: (path: Path) => number | null): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const report = (path: Path, message: string): void => {
    problems.push({ line: locate(path), path: formatPath(path), message });
  };
  const once = (kind: string) => {
    const seen = new Set<string>();
    return (value: string, path: Path): void => {
      if (seen.has(value)) report(path, `${kind} "${value}" is used twice`);
      seen.add(value);
    };
  };
  const complain = ({ path, message }: Complaint): void => {
    report(path, message);
  };
  const tenantSlug = once('tenant slug');
  const clientId = once('client id');
  config.tenants.forEach((tenant, t) => {
    tenantSlug(tenant.slug, ['tenants', t, 'slug']);
    const connectorSlug = once('connector slug');
    tenant.connectors.forEach((connector, c) => {
      const at = ['tenants', t, 'connectors', c];
      connectorSlug(connector.slug, [...at, 'slug']);
      connectorComplaints(connector, at).forEach(complain);
    });
    const skillSlug = once('skill slug');
    tenant.skills.forEach((skill, s) => {
      const at = ['tenants', t, 'skills', s];
      skillSlug(skill.slug, [...at, 'slug']);
      clientId(skill.clientId, [...at, 'clientId']);
      tokenModeComplaints(skill, tenant.connectors, at).forEach(complain);
      webhookComplaints(skill, at).forEach(complain);
      relayComplaints(skill, at).forEach(complain);
      eventComplaints(skill, at).forEach(complain);
      grantComplaints(skill, at).forEach(complain);
      if (skill.backend) clientId(skill.backend.clientId, [...at, 'backend', 'clientId']);
      skill.connectors.forEach((slug, index) => {
        const place = [...at, 'connectors', index];
        if (skill.connectors.indexOf(slug) < index) report(place, `connector "${slug}" is listed twice`);
        if (tenant.connectors.some((connector) => connector.slug === slug)) return;
        report(place, `there is no connector "${slug}" in this tenant`);
      });
    });
  });
  return problems;
}

function formatPath(path: Path): string {
  return path.reduce<string>(
    (out, part) =>
      typeof part === 'number' ? `${out}[${String(part)}]` : out === '' ? String(part) : `${out}.${String(part)}`,
    '',
  );
}

function dedupe(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const seen = new Set<string>();
  return problems
    .filter((problem) => {
      const key = JSON.stringify(problem);
      return seen.has(key) ? false : seen.add(key);
    })
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}
