import { PUT_SKILL } from '@linkbroker/contracts/api';
import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { Icon } from '../../../looks/icon.js';
import { FailureNote } from '../../../parts/failure-note.js';
import { fieldError } from '../../../parts/field-errors.js';
import { Folded } from '../../../parts/form/folded.js';
import { SlugField, useSlugComplaint } from '../../../parts/form/slug-field.js';
import { useUnsaved } from '../../../parts/form/use-unsaved.js';
import { Panel } from '../../../parts/panel.js';
import { freeSlug } from '../../../parts/slug.js';
import { useCall } from '../../../parts/use-call.js';
import type { NewSkillSearch } from '../../../search.js';
import { useTenant } from '../../../session/use-access.js';
import { useTexts } from '../../../texts/use-texts.js';
import { useSkillSlugs } from '../../links/use-skill-slugs.js';
import { ScopesField } from '../scopes-field.js';
import type { MadeSecret } from './new-skill-page.js';

interface Props {
  readonly connector: string;
  readonly go: (next: NewSkillSearch) => void;
  readonly onMade: (made: readonly MadeSecret[]) => void;
}

interface NewSkill {
  readonly name: string;
  readonly slug: string | undefined;
  readonly vendorId: string;
  readonly skillId: string;
  readonly scopes: readonly string[];
  readonly clientId: string | undefined;
  readonly backend: boolean;
}

const EMPTY: NewSkill = {
  ...{ name: '', slug: undefined, vendorId: '', skillId: '', scopes: [] },
  ...{ clientId: undefined, backend: true },
};

/** What a new skill says; everything else is as usual, and can be changed later. */
export function SkillStep({ connector, go, onMade }: Props): ReactNode {
  const { setUp } = useTexts();
  const tenant = useTenant();
  const taken = useSkillSlugs();
  const [draft, change] = useState(EMPTY);
  const slug = draft.slug ?? freeSlug(draft.name || 'skill', taken);
  const clientId = draft.clientId ?? `alexa-${tenant}-${slug}`;
  const wrong = useSlugComplaint(slug, taken);
  const { question, leave } = useUnsaved(draft !== EMPTY);
  const { mutate, isPending, error } = useCall(PUT_SKILL, {
    stale: [['skills', tenant]],
    done: ({ once }) => {
      leave();
      onMade(once);
      go({ step: 'alexa', skill: slug });
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (wrong) return;
    const body = bodyOf({ ...draft, clientId }, connector);
    mutate({ params: { tenant, skill: slug }, body });
  };
  const set = (part: Partial<NewSkill>): void => change({ ...draft, ...part });
  return (
    <Panel title={setUp.skill} text={setUp.skillText(connector)}>
      <form onSubmit={submit} noValidate>
        <Stack maw={560}>
          <NewSkillFields draft={draft} set={set} errorOf={(field) => fieldError(error, field)} />
          <MoreFields {...{ draft, set, slug, clientId, wrong }} errorOf={(field) => fieldError(error, field)} />
          {error && <FailureNote error={error} />}
          <Group>
            <Button type="submit" loading={isPending} rightSection={<Icon name="next" size={16} />}>
              {setUp.createSkill}
            </Button>
          </Group>
        </Stack>
      </form>
      {question}
    </Panel>
  );
}

function bodyOf({ name, vendorId, skillId, scopes, clientId = '', backend }: NewSkill, connector: string) {
  return {
    name: name.trim(),
    clientId: clientId.trim(),
    ...(vendorId.trim() !== '' && { vendorId: vendorId.trim() }),
    ...(skillId.trim() !== '' && { skillId: skillId.trim() }),
    scopes: [...scopes],
    connectors: [connector],
    ...(backend && { backend: { clientId: `${clientId.trim()}-backend` } }),
  };
}

interface FieldProps {
  readonly draft: NewSkill;
  readonly set: (part: Partial<NewSkill>) => void;
  readonly errorOf: (field: string) => string | undefined;
}

function NewSkillFields({ draft, set, errorOf }: FieldProps): ReactNode {
  const { skills, skillForm } = useTexts();
  return (
    <>
      <TextInput
        label={skills.name}
        description={skillForm.nameText}
        maxLength={80}
        value={draft.name}
        error={errorOf('name')}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <TextInput
        label={skillForm.vendorId}
        description={skillForm.vendorIdText}
        placeholder="M3KVOEXUO4ALBL"
        value={draft.vendorId}
        error={errorOf('vendorId')}
        onChange={(event) => set({ vendorId: event.currentTarget.value })}
      />
      <ScopesField {...{ draft, set, errorOf }} />
      <Checkbox
        label={skillForm.withBackend}
        description={skillForm.backendText}
        checked={draft.backend}
        onChange={(event) => set({ backend: event.currentTarget.checked })}
      />
    </>
  );
}

interface MoreProps extends FieldProps {
  readonly slug: string;
  readonly clientId: string;
  readonly wrong: string | undefined;
}

function MoreFields({ draft, set, errorOf, slug, clientId, wrong }: MoreProps): ReactNode {
  const { forms, skillForm } = useTexts();
  return (
    <Folded title={forms.advanced} opened={wrong !== undefined || errorOf('clientId') !== undefined}>
      <Stack>
        <SlugField slug={slug} wrong={wrong} onSlug={(next) => set({ slug: next })} />
        <TextInput
          label={skillForm.clientId}
          description={skillForm.clientIdText}
          value={clientId}
          error={errorOf('clientId')}
          onChange={(event) => set({ clientId: event.currentTarget.value })}
        />
        <TextInput
          label={skillForm.skillId}
          description={skillForm.skillIdText}
          placeholder="amzn1.ask.skill.…"
          value={draft.skillId}
          error={errorOf('skillId')}
          onChange={(event) => set({ skillId: event.currentTarget.value })}
        />
      </Stack>
    </Folded>
  );
}
