import type { CatalogueEntry } from '@linkbroker/contracts/api';
import { TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Icon } from '../../../looks/icon.js';
import { EmptyState } from '../../../parts/empty-state.js';
import { useTexts } from '../../../texts/use-texts.js';
import { GENERAL, isGeneral } from './general.js';
import { ProviderMark } from './provider-mark.js';

interface Props {
  readonly items: readonly CatalogueEntry[];
  readonly onChoose: (provider: string) => void;
}

/** Where a provider stands: those that fit any server come first. */
const rankOf = (id: string): number => (isGeneral(id) ? GENERAL.indexOf(id) : GENERAL.length);

/** What the catalogue offers, by name. */
export function ProviderCards({ items, onChoose }: Props): ReactNode {
  const { setUp } = useTexts();
  const [wanted, want] = useState('');
  const fits = items.filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(wanted.trim().toLowerCase()));
  const sorted = fits.toSorted((a, b) => rankOf(a.id) - rankOf(b.id) || a.name.localeCompare(b.name));
  return (
    <>
      <TextInput
        label={setUp.findProvider}
        value={wanted}
        onChange={(event) => want(event.currentTarget.value)}
        leftSection={<Icon name="search" size={16} />}
        maw={420}
        mb="md"
      />
      {sorted.length === 0 ? (
        <EmptyState icon="provider" title={setUp.noProvider} text={setUp.noProviderText} />
      ) : (
        <ul className="lb-choices">
          {sorted.map(({ id, name }) => (
            <li key={id}>
              <button type="button" className="lb-choice" onClick={() => onChoose(id)}>
                <ProviderMark id={id} name={name} />
                <span>
                  <strong>{name}</strong>
                  {isGeneral(id) && <small>{id === 'oidc' ? setUp.anyOpenId : setUp.anyOAuth}</small>}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
