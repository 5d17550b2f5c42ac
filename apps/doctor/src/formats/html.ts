import type { Finding, Report, Status } from '@linkbroker/doctor';
import { escape } from './escape.js';

const LABELS: Readonly<Record<Status, string>> = {
  fail: 'Failed',
  warn: 'To look at',
  'not-tested': 'Not tested',
  'not-applicable': 'Not applicable',
  pass: 'Passed',
};

const STYLE = `
:root { color-scheme: light dark; --line: #d5d9de; --soft: #59636e; --back: #fff; --card: #f6f8fa; --text: #1f2328;
  --fail: #b3261e; --warn: #7a5200; --pass: #1a6b34; --other: #59636e }
@media (prefers-color-scheme: dark) { :root { --line: #3a4149; --soft: #a3adb8; --back: #14171a; --card: #1d2126;
  --text: #e8ebee; --fail: #ff9d94; --warn: #f0c05a; --pass: #7fd698; --other: #a3adb8 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 1.25rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0 }
dt { color: var(--soft) } dd { margin: 0 }
.sums { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none }
.sums li { border: 1px solid var(--line); border-radius: .5rem; padding: .25rem .75rem }
.sums b { font-size: 1.15rem }
article { border: 1px solid var(--line); border-left: .3rem solid var(--other); border-radius: .5rem;
  background: var(--card); padding: .6rem .9rem; margin: .6rem 0 }
article p { margin: .25rem 0 } h3 { font-size: 1rem; margin: 0 }
.rule { color: var(--soft); font-size: .875rem }
.fail { border-left-color: var(--fail) } .warn { border-left-color: var(--warn) } .pass { border-left-color: var(--pass) }
.fail .rule { color: var(--fail) } .warn .rule { color: var(--warn) }
a { color: inherit }
img { display: block; width: 100%; height: auto; border: 1px solid var(--line); border-radius: .75rem; margin-bottom: .4rem }
figure { margin: 2rem 0 0; max-width: 390px } figcaption { color: var(--soft); font-size: .875rem }
@media (min-width: 64rem) { body.pictured { max-width: 78rem }
  .pictured .parts { display: grid; grid-template-columns: minmax(0, 1fr) 16rem; gap: 0 2.5rem; align-items: start }
  figure { margin: 1rem 0 0; position: sticky; top: 1.25rem } }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr } dd { margin-bottom: .4rem } }
`;

function formatFinding({ rule, level, status, title, evidence, remedy, link }: Finding): string {
  const advice = status === 'fail' || status === 'warn' ? `<p>→ ${escape(remedy)}</p>` : '';
  const source = link === null ? '' : ` · <a href="${escape(link)}" rel="noreferrer">where it says so</a>`;
  return `<article class="${status}"><p class="rule">${rule} · ${level} · ${LABELS[status]}${source}</p>
<h3>${escape(title)}</h3><p>${escape(evidence)}</p>${advice}</article>`;
}

function formatGroup(status: Status, findings: readonly Finding[]): string {
  const own = findings.filter((finding) => finding.status === status);
  return own.length === 0 ? '' : `<section><h2>${LABELS[status]}</h2>\n${own.map(formatFinding).join('\n')}</section>`;
}

function formatPicture(screenshot: Uint8Array | undefined): string {
  if (screenshot === undefined) return '';
  const data = Buffer.from(screenshot).toString('base64');
  return `<figure><img alt="The first page on a phone" width="390" height="844" src="data:image/png;base64,${data}">
<figcaption>The first page, as a phone of 390 pixels shows it</figcaption></figure>`;
}

/** A report as one page that loads nothing and runs nothing, what failed first. */
export function formatHtml({ target, startedAt, summary, findings }: Report, screenshot?: Uint8Array): string {
  const facts = [
    ['Authorization', target.authorizeUrl],
    ['Token', target.tokenUrl],
    ['Client', [target.clientId, target.scheme].filter(Boolean).join(', ')],
    ['Redirect URI', target.redirectUri],
    ['Skill', target.skill],
    ['Begun', startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
  ].flatMap(([name = '', value]) => (value ? `<dt>${name}</dt><dd>${escape(value)}</dd>` : []));
  const counts: readonly (readonly [Status, number])[] = [
    ['fail', summary.fail],
    ['warn', summary.warn],
    ['pass', summary.pass],
    ['not-tested', summary.notTested],
    ['not-applicable', summary.notApplicable],
  ];
  const sums = counts.map(([status, count]) => `<li><b>${count}</b> ${LABELS[status].toLowerCase()}</li>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>Account linking: ${escape(new URL(target.authorizeUrl).host)}</title><style>${STYLE}</style></head>
<body${screenshot === undefined ? '' : ' class="pictured"'}><main><h1>Can Alexa link accounts at ${escape(new URL(target.authorizeUrl).host)}?</h1>
<ul class="sums">${sums.join('')}</ul>
<div class="parts"><div><dl>${facts.join('')}</dl>
${counts.map(([status]) => formatGroup(status, findings)).join('\n')}</div>${formatPicture(screenshot)}</div>
</main></body></html>
`;
}
