import { html, type Html } from '../../html/html.js';
import type { Skill } from '../../skills.js';
import type { AlexaAccount } from '../accounts.js';
import { alexaPage, skillIcon } from './layout.js';

function stateOf(account: AlexaAccount, skill: Skill): { readonly words: string; readonly className: string } {
  const link = account.links.get(skill.clientId);
  if (!link) return { words: 'Not linked', className: '' };
  return link.lost === undefined ? { words: 'Linked', className: 'pass' } : { words: 'Link lost', className: 'fail' };
}

function row(account: AlexaAccount, skill: Skill): Html {
  const { words, className } = stateOf(account, skill);
  return html`<li>
    <a class="row" href="/alexa/skills/${encodeURIComponent(skill.clientId)}">
      ${skillIcon(skill.name)}
      <span class="text"><b>${skill.name}</b><small>${skill.clientId}</small></span>
      <span class="tag ${className}">${words}</span>
    </a>
  </li>`;
}

const none = html`<section class="card">
  <p>No skills yet.</p>
  <p class="muted">
    They appear here once a configuration has been applied and exported to the files in SIMULATOR_SKILLS.
  </p>
</section>`;

export function skillsPage(skills: readonly Skill[], account: AlexaAccount): Html {
  return alexaPage({
    title: 'Skills & Games',
    main: html`<h2 class="heading">Your skills</h2>
      ${
        skills.length === 0
          ? none
          : html`<ul class="list">
              ${skills.map((skill) => row(account, skill))}
            </ul>`
      }
      <p class="muted footnote">
        This browser plays one Amazon account. Another browser, or a private window, is another household member.
      </p>`,
  });
}
