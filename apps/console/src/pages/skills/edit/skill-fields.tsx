import { Checkbox, MultiSelect, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Folded } from '../../../parts/form/folded.js';
import { useTexts } from '../../../texts/use-texts.js';
import { useConnectors } from '../catalogue.js';
import { ScopesField } from '../scopes-field.js';
import type { GrantType, SkillDraft } from './skill-draft.js';

export interface FieldProps {
  readonly draft: SkillDraft;
  readonly set: (part: Partial<SkillDraft>) => void;
  readonly errorOf: (field: string) => string | undefined;
}

/** How a part of the draft is told what is wrong with it, and tells what becomes of it. */
export interface PartProps<Part> {
  readonly errorOf: (field: string) => string | undefined;
  readonly onChange: (part: Part) => void;
}

type TextField = {
  readonly [Name in keyof SkillDraft]: SkillDraft[Name] extends string ? Name : never;
}[keyof SkillDraft];

/** The properties of a field whose value is a text of the draft. */
const textOf = ({ draft, set, errorOf }: FieldProps, name: TextField, field: string = name) => ({
  value: draft[name],
  error: errorOf(field),
  onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
    set({ [name]: event.currentTarget.value }),
});

/** The same for texts of a part of the draft, such as `relay`. */
export const textsOf =
  <Part extends object>(place: string, part: Part, { errorOf, onChange }: PartProps<Part>) =>
  <Name extends keyof Part & string>(name: Part[Name] extends string ? Name : never) => ({
    value: part[name] as string,
    error: errorOf(`${place}.${name}`),
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      onChange({ ...part, [name]: event.currentTarget.value }),
  });

/** What every skill says. */
export function MainFields(props: FieldProps): ReactNode {
  const { draft, set, errorOf } = props;
  const { skillForm, skills } = useTexts();
  const known = useConnectors().data?.items ?? [];
  const slugs = [...new Set([...draft.connectors, ...known.map(({ slug }) => slug)])];
  return (
    <Stack>
      <TextInput label={skills.name} maxLength={80} {...textOf(props, 'name')} />
      {!draft.relay && (
        <MultiSelect
          label={skills.connectors}
          description={skillForm.connectorsText}
          data={slugs}
          value={[...draft.connectors]}
          error={errorOf('connectors')}
          onChange={(connectors) => set({ connectors })}
        />
      )}
      <TextInput label={skillForm.vendorId} description={skillForm.vendorIdText} {...textOf(props, 'vendorId')} />
      <TextInput label={skillForm.skillId} description={skillForm.skillIdText} {...textOf(props, 'skillId')} />
      <ScopesField {...{ draft, set, errorOf }} />
    </Stack>
  );
}

/** What most skills leave as it is. */
export function AdvancedSkillFields(props: FieldProps): ReactNode {
  const { forms } = useTexts();
  const fields = [
    'clientId',
    'redirectUris',
    'grantTypes',
    'implicitTokenTtl',
    'accessTokenTtl',
    'refreshKeep',
    'backend',
  ];
  return (
    <Folded title={forms.advanced} opened={fields.some((field) => props.errorOf(field))}>
      <Stack>
        <ClientFields {...props} />
        <GrantFields {...props} />
        <TokenFields {...props} />
      </Stack>
    </Folded>
  );
}

function ClientFields(props: FieldProps): ReactNode {
  const { draft, set, errorOf } = props;
  const { skillForm } = useTexts();
  return (
    <>
      <TextInput label={skillForm.clientId} description={skillForm.clientIdText} {...textOf(props, 'clientId')} />
      <TextInput
        label={skillForm.backend}
        description={skillForm.backendText}
        {...textOf(props, 'backendClientId', 'backend')}
      />
      <TagsInput
        label={skillForm.redirectUris}
        description={skillForm.redirectUrisText}
        value={[...draft.redirectUris]}
        error={errorOf('redirectUris')}
        onChange={(redirectUris) => set({ redirectUris })}
      />
    </>
  );
}

const GRANTS = ['authorization_code', 'implicit'] as const;

function GrantFields(props: FieldProps): ReactNode {
  const { draft, set, errorOf } = props;
  const { skillForm } = useTexts();
  return (
    <>
      <Checkbox.Group
        label={skillForm.grantTypes}
        description={skillForm.grantTypesText}
        value={[...draft.grantTypes]}
        error={errorOf('grantTypes')}
        onChange={(chosen) => set({ grantTypes: GRANTS.filter((one): one is GrantType => chosen.includes(one)) })}
      >
        <Stack gap="xs" my="xs">
          {GRANTS.map((one) => (
            <Checkbox key={one} value={one} label={skillForm.grants[one]} />
          ))}
        </Stack>
      </Checkbox.Group>
      {draft.grantTypes.includes('implicit') && (
        <TextInput label={skillForm.implicitTokenTtl} inputMode="numeric" {...textOf(props, 'implicitTokenTtl')} />
      )}
    </>
  );
}

function TokenFields(props: FieldProps): ReactNode {
  const { draft, set, errorOf } = props;
  const { skillForm } = useTexts();
  return (
    <>
      <Select
        label={skillForm.pkce}
        data={(['optional', 'required'] as const).map((value) => ({ value, label: skillForm.pkces[value] }))}
        value={draft.pkce}
        allowDeselect={false}
        onChange={(value) => set({ pkce: value === 'required' ? 'required' : 'optional' })}
      />
      <Select
        label={skillForm.tokenMode}
        description={skillForm.tokenModeText}
        data={(['own', 'upstream'] as const).map((value) => ({ value, label: skillForm.tokenModes[value] }))}
        value={draft.tokenMode}
        error={errorOf('tokenMode')}
        allowDeselect={false}
        onChange={(value) => set({ tokenMode: value === 'upstream' ? 'upstream' : 'own' })}
      />
      <TextInput
        label={skillForm.accessTokenTtl}
        description={skillForm.accessTokenTtlText}
        inputMode="numeric"
        {...textOf(props, 'accessTokenTtl')}
      />
      <TextInput
        label={skillForm.refreshKeep}
        description={skillForm.refreshKeepText}
        inputMode="numeric"
        {...textOf(props, 'refreshKeep')}
      />
    </>
  );
}
