import type { ReactNode } from 'react';
import { Panel } from '../../../parts/panel.js';
import { QueryView } from '../../../parts/query-view.js';
import type { NewSkillSearch } from '../../../search.js';
import { useTexts } from '../../../texts/use-texts.js';
import { entryOf, useCatalogue, useConnectors } from '../catalogue.js';
import { ProviderCards } from '../connector/provider-cards.js';
import { ProviderMark } from '../connector/provider-mark.js';

/** Where households will sign in: with a connector that is there, or one at a provider of the catalogue. */
export function ProviderStep({ go }: { readonly go: (next: NewSkillSearch) => void }): ReactNode {
  const { setUp } = useTexts();
  const catalogue = useCatalogue();
  const connectors = useConnectors();
  const known = connectors.data?.items ?? [];
  return (
    <>
      {known.length > 0 && (
        <Panel title={setUp.existing} text={setUp.existingText}>
          <ul className="lb-choices">
            {known.map(({ slug, name, provider }) => (
              <li key={slug}>
                <button type="button" className="lb-choice" onClick={() => go({ step: 'skill', connector: slug })}>
                  <ProviderMark id={provider} name={name ?? slug} />
                  <span>
                    <strong>{name ?? slug}</strong>
                    <small>{entryOf(catalogue.data?.items ?? [], provider)?.name ?? provider}</small>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={setUp.provider} text={setUp.providerText}>
        <QueryView query={catalogue} rows={8}>
          {({ items }) => <ProviderCards items={items} onChoose={(provider) => go({ step: 'connector', provider })} />}
        </QueryView>
      </Panel>
    </>
  );
}
