import { html, type Html } from '../../html/html.js';
import { meaningOf, type Finding } from '../rules.js';
import { alexaPage, crossMark } from './layout.js';

/** What Amazon shows for a state that it did not issue (R62), with the reason that Amazon keeps to itself. */
export function refusedPage(finding: Finding): Html {
  return alexaPage({
    title: 'Bad request',
    back: '/alexa',
    main: html`<section class="outcome bad">
        <span class="badge">${crossMark}</span>
        <h2>HTTP 400</h2>
        <p>Alexa does not accept this return from the sign-in page.</p>
      </section>
      <section class="card finding-card">
        <p class="rule"><b class="tag fail">${finding.rule}</b> ${finding.says}</p>
        <p class="muted">${meaningOf(finding.rule)}</p>
      </section>
      <a class="button" href="/alexa">Back to the skills</a>`,
  });
}

export function unknownSkillPage(): Html {
  return alexaPage({
    title: 'Not found',
    back: '/alexa',
    main: html`<section class="outcome">
        <h2>No such skill</h2>
        <p>The simulator knows the skills in the files that SIMULATOR_SKILLS names.</p>
      </section>
      <a class="button" href="/alexa">Back to the skills</a>`,
  });
}

/** For whatever goes wrong inside the simulator itself, so that a browser never meets raw JSON. */
export function troublePage(status: number, says: string): Html {
  return alexaPage({
    title: 'Simulator trouble',
    back: '/alexa',
    main: html`<section class="outcome bad">
      <span class="badge">${crossMark}</span>
      <h2>HTTP ${status}</h2>
      <p>${says}</p>
    </section>`,
  });
}
