import { html, type Html, type Piece } from '../../html/html.js';
import type { Skill } from '../../skills.js';
import { skillIcon } from './layout.js';

/** The skill's icon and name, with how it stands. */
export function skillHero(skill: Skill, state: Piece): Html {
  return html`<section class="hero">
    ${skillIcon(skill.name, true)}
    <div>
      <h2>${skill.name}</h2>
      ${state}
    </div>
  </section>`;
}
