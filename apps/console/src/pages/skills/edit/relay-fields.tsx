import { PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../../texts/use-texts.js';
import { textsOf, type PartProps } from './skill-fields.js';
import type { RelayDraft } from './skill-parts.js';

const SCHEMES = ['REQUEST_BODY_CREDENTIALS', 'HTTP_BASIC'] as const;

interface Props extends PartProps<RelayDraft> {
  readonly relay: RelayDraft;
}

/** The existing server, and how the skill is known there. */
export function RelayFields({ relay, ...part }: Props): ReactNode {
  const { skillForm, connectors } = useTexts();
  const text = textsOf('relay', relay, part);
  return (
    <Stack>
      <TextInput
        label={connectors.endpoints.authorization}
        type="url"
        maxLength={2_000}
        {...text('authorizationUrl')}
      />
      <TextInput label={connectors.endpoints.token} type="url" maxLength={2_000} {...text('tokenUrl')} />
      <TextInput
        label={skillForm.relayClientId}
        description={skillForm.relayClientIdText}
        autoComplete="off"
        {...text('clientId')}
      />
      <PasswordInput
        label={skillForm.relaySecret}
        description={skillForm.relaySecretText}
        autoComplete="off"
        {...text('clientSecret')}
      />
      <Select
        label={skillForm.relayScheme}
        data={SCHEMES.map((value) => ({ value, label: skillForm.relaySchemes[value] }))}
        value={relay.scheme}
        allowDeselect={false}
        onChange={(value) => part.onChange({ ...relay, scheme: SCHEMES.find((one) => one === value) ?? relay.scheme })}
      />
    </Stack>
  );
}
