import type { CatalogueEntry } from '@linkbroker/contracts/api';
import { PasswordInput, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Folded } from '../../../parts/form/folded.js';
import { useTexts } from '../../../texts/use-texts.js';
import { ENDPOINTS, type ConnectorDraft, type EndpointName } from './connector-draft.js';

interface Props {
  readonly entry: CatalogueEntry;
  readonly draft: ConnectorDraft;
  readonly set: (part: Partial<ConnectorDraft>) => void;
  readonly isNew: boolean;
  readonly errorOf: (field: string) => string | undefined;
}

/** What says which server it is: as much as this provider needs. */
export function PlaceFields({ entry, draft, set, errorOf }: Props): ReactNode {
  const { connectors } = useTexts();
  return (
    <>
      {entry.issuer === 'needed' && <Issuer draft={draft} set={set} errorOf={errorOf} />}
      {entry.parameters
        .filter(({ optional }) => !optional)
        .map((parameter) => (
          <Parameter key={parameter.name} {...parameter} draft={draft} set={set} errorOf={errorOf} />
        ))}
      {entry.endpoints.map((name) => (
        <Endpoint key={name} name={name} label={connectors.endpoints[name]} draft={draft} set={set} errorOf={errorOf} />
      ))}
    </>
  );
}

type Field = Pick<Props, 'draft' | 'set' | 'errorOf'>;

function Parameter({
  name,
  description,
  example,
  optional,
  draft,
  set,
  errorOf,
}: Field & CatalogueEntry['parameters'][number]): ReactNode {
  return (
    <TextInput
      label={name}
      description={<span lang="en">{description}</span>}
      placeholder={example}
      required={!optional}
      value={draft.parameters[name] ?? ''}
      error={errorOf(`parameters.${name}`)}
      onChange={(event) => set({ parameters: { ...draft.parameters, [name]: event.currentTarget.value } })}
    />
  );
}

function Issuer({ draft, set, errorOf }: Field): ReactNode {
  const { connectors } = useTexts();
  return (
    <TextInput
      label={connectors.issuer}
      description={connectors.issuerText}
      placeholder="https://id.example.com"
      type="url"
      value={draft.issuer}
      error={errorOf('issuer')}
      onChange={(event) => set({ issuer: event.currentTarget.value })}
    />
  );
}

function Endpoint({
  name,
  label,
  draft,
  set,
  errorOf,
}: Field & { readonly name: EndpointName; readonly label: string }): ReactNode {
  return (
    <TextInput
      label={label}
      type="url"
      value={draft.endpoints[name]}
      error={errorOf(`endpoints.${name}`)}
      onChange={(event) => set({ endpoints: { ...draft.endpoints, [name]: event.currentTarget.value } })}
    />
  );
}

/** How the broker is known there. */
export function ClientFields({ entry, draft, set, isNew, errorOf }: Props): ReactNode {
  const { connectors } = useTexts();
  const secret = {
    label: entry.secret === 'private-key' ? connectors.privateKey : connectors.clientSecret,
    description: isNew ? connectors.secretNew : connectors.secretStays,
    autoComplete: 'off',
    value: draft.clientSecret,
    error: errorOf('clientSecret'),
  };
  return (
    <>
      <TextInput
        label={connectors.clientId}
        autoComplete="off"
        value={draft.clientId}
        error={errorOf('clientId')}
        onChange={(event) => set({ clientId: event.currentTarget.value })}
      />
      {entry.secret === 'private-key' ? (
        <Textarea {...secret} rows={4} onChange={(event) => set({ clientSecret: event.currentTarget.value })} />
      ) : (
        <PasswordInput {...secret} onChange={(event) => set({ clientSecret: event.currentTarget.value })} />
      )}
    </>
  );
}

/** What most connectors leave as it is. */
export function AdvancedFields({ entry, draft, set, errorOf }: Props): ReactNode {
  const { connectors, forms } = useTexts();
  const others = ENDPOINTS.filter((name) => !(entry.endpoints as readonly string[]).includes(name));
  const optional = entry.parameters.filter((parameter) => parameter.optional);
  const wrong = [...others.map((name) => `endpoints.${name}`), 'scopes', 'name', 'parameters'].some(errorOf);
  return (
    <Folded title={forms.advanced} opened={wrong}>
      <Stack>
        <TextInput
          label={connectors.shownName}
          description={connectors.shownNameText}
          maxLength={80}
          value={draft.name}
          error={errorOf('name')}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TagsInput
          label={connectors.scopes}
          description={connectors.scopesText(entry.scopes.join(' '))}
          splitChars={[' ', ',']}
          value={[...draft.scopes]}
          error={errorOf('scopes')}
          onChange={(scopes) => set({ scopes })}
        />
        <Select
          label={connectors.revoke}
          description={connectors.revokeText}
          data={(['last-link', 'never'] as const).map((value) => ({ value, label: connectors.revokes[value] }))}
          value={draft.revokeUpstream}
          allowDeselect={false}
          onChange={(value) => set({ revokeUpstream: value === 'never' ? 'never' : 'last-link' })}
        />
        {optional.map((parameter) => (
          <Parameter key={parameter.name} {...parameter} draft={draft} set={set} errorOf={errorOf} />
        ))}
        {entry.issuer === 'optional' && <Issuer draft={draft} set={set} errorOf={errorOf} />}
        {others.map((name) => (
          <Endpoint
            key={name}
            name={name}
            label={connectors.endpoints[name]}
            draft={draft}
            set={set}
            errorOf={errorOf}
          />
        ))}
      </Stack>
    </Folded>
  );
}
