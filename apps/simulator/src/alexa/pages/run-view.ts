import { html, type Html } from '../../html/html.js';
import { succeeded, type Run } from '../actions.js';
import type { Exchange } from '../exchange.js';
import { meaningOf, type Finding } from '../rules.js';

const time = (at: number): string => new Date(at).toISOString().slice(11, 19);

export function findingView(finding: Finding): Html {
  const mark = finding.ok ? 'pass' : finding.level === 'must' ? 'fail' : 'warn';
  return html`<li class="${mark}">
    <b class="tag ${mark}">${finding.rule}</b>
    <span> ${finding.says}${finding.ok ? '' : html`<small>${meaningOf(finding.rule)}</small>`} </span>
  </li>`;
}

function answerLine({ answer }: Exchange): Html {
  if ('problem' in answer) return html`<b class="status bad">no answer</b> <span class="ms">${answer.ms} ms</span>`;
  const good = answer.status === 200;
  return html`<b class="status ${good ? 'good' : 'bad'}">${answer.status}</b> <span class="ms">${answer.ms} ms</span>`;
}

function wire({ request, answer }: Exchange): Html {
  return html`<dl class="wire">
    <dt>Sent</dt>
    <dd>
      <code>${request.method} ${new URL(request.url).pathname}</code>
      ${request.authorization && html`<code>Authorization: ${request.authorization}</code>`}
      ${request.params.map(([name, value]) => html`<code><i>${name}</i>=${value}</code>`)}
    </dd>
    <dt>Answered</dt>
    <dd>
      ${
        'problem' in answer
          ? html`<code>${answer.problem}</code>`
          : html`<code>${answer.status} ${answer.type}</code><code>${answer.body || '(empty)'}</code>`
      }
    </dd>
  </dl>`;
}

function exchangeView(exchange: Exchange, open: boolean): Html {
  return html`<details class="exchange" ${open ? 'open' : ''}>
    <summary>
      <span class="what">${exchange.title}${exchange.note && html` <small>${exchange.note}</small>`}</span>
      <span class="end">${answerLine(exchange)}</span>
    </summary>
    ${wire(exchange)}
  </details>`;
}

/** One action on the link with all that was sent and answered. */
export function runView(run: Run, newest: boolean): Html {
  const good = succeeded(run);
  const few = run.exchanges.length <= 2;
  return html`<section class="run ${good ? 'good' : 'bad'}" ${newest && html`id="latest"`}>
    <h3>
      <span>${run.title}</span> <time>${time(run.at)}</time>
      <b class="tag ${good ? 'pass' : 'fail'}">${good ? 'PASS' : 'FAIL'}</b>
    </h3>
    <ul class="findings">
      ${run.findings.map(findingView)}
    </ul>
    ${run.exchanges.map((exchange) => exchangeView(exchange, newest && few))}
  </section>`;
}

export function runsView(runs: readonly Run[]): Html {
  return html`<h2>Behind the screen</h2>
    <p class="muted">What Alexa sent to the authorization server, and what came back. Secrets are cut.</p>
    ${runs.map((run, index) => runView(run, index === 0))}`;
}
