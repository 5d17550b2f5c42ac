import { PUT_SKILL } from '@linkbroker/contracts/api';
import { Button, Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode, type SubmitEvent } from 'react';
import { CopyField } from '../../../parts/copy-field.js';
import { fieldError } from '../../../parts/field-errors.js';
import { SaveFailure } from '../../../parts/form/save-failure.js';
import { useUnsaved } from '../../../parts/form/use-unsaved.js';
import { ButtonLink } from '../../../parts/links.js';
import { Panel } from '../../../parts/panel.js';
import { sayDone } from '../../../parts/say.js';
import { ShownOnce } from '../../../parts/shown-once.js';
import { useCall } from '../../../parts/use-call.js';
import { useTenant } from '../../../session/use-access.js';
import { useTexts } from '../../../texts/use-texts.js';
import { BrandingFields } from '../branding/branding-fields.js';
import { LinkPagePreview } from '../branding/link-page-preview.js';
import { AppFields } from './app-fields.js';
import { EventFields } from './event-fields.js';
import { RelayFields } from './relay-fields.js';
import { bodyOf, draftOf, sameDraft, type SkillDetails, type SkillDraft } from './skill-draft.js';
import { AdvancedSkillFields, MainFields, type FieldProps } from './skill-fields.js';
import type { RelayDraft } from './skill-parts.js';
import { WebhookFields } from './webhook-fields.js';

interface Props {
  readonly details: SkillDetails;
  readonly tag: string | undefined;
  readonly onReload: () => void;
}

/** What can be changed of a skill, with the page its households see beside it. */
export function SkillForm({ details, tag, onReload }: Props): ReactNode {
  const { skillForm, branding } = useTexts();
  const tenant = useTenant();
  const { skill } = details;
  const was = useMemo(() => draftOf(skill), [skill]);
  const [draft, change] = useState(was);
  const { question, call, submit, toSkill } = useSaving(details, { was, draft, tag });
  const set = (part: Partial<SkillDraft>): void => change({ ...draft, ...part });
  const fields = { draft, set, errorOf: (field: string) => fieldError(call.error, field) };
  return (
    <form onSubmit={submit} noValidate>
      <div className="lb-beside">
        <div>
          <Panel title={skillForm.main}>
            <MainFields {...fields} />
          </Panel>
          {draft.relay ? <RelayPanel {...fields} relay={draft.relay} /> : <OwnLinksPanels {...fields} />}
          <Panel title={skillForm.more} quiet>
            <AdvancedSkillFields {...fields} />
          </Panel>
        </div>
        {!draft.relay && (
          <Panel title={branding.preview}>
            <LinkPagePreview page={draft} />
          </Panel>
        )}
      </div>
      {call.error && <SaveFailure error={call.error} onReload={onReload} />}
      <SaveBar busy={call.isPending} same={sameDraft(was, draft)} tenant={tenant} skill={skill.slug} />
      {question}
      <ShownOnce
        title={skillForm.made}
        text={skillForm.madeText}
        opened={(call.data?.once.length ?? 0) > 0}
        onClose={toSkill}
      >
        {call.data?.once.map(({ what, secret }) => (
          <CopyField key={what} label={what} value={secret} />
        ))}
      </ShownOnce>
    </form>
  );
}

/** What only a skill has whose households sign in with connectors. */
function OwnLinksPanels(props: FieldProps): ReactNode {
  const { skillForm, branding } = useTexts();
  const { color, logo } = props.draft;
  return (
    <>
      <Panel title={branding.title} text={branding.text}>
        <BrandingFields {...props} color={color} logo={logo} />
      </Panel>
      <Panel title={skillForm.webhooks} text={skillForm.webhooksText}>
        <WebhookFields {...props} />
      </Panel>
      <Panel title={skillForm.events} text={skillForm.eventsText}>
        <EventFields {...props} />
      </Panel>
      <Panel title={skillForm.apps} text={skillForm.appsText}>
        <AppFields {...props} />
      </Panel>
    </>
  );
}

function RelayPanel({ relay, set, errorOf }: FieldProps & { readonly relay: RelayDraft }): ReactNode {
  const { skillForm } = useTexts();
  return (
    <Panel title={skillForm.relay} text={skillForm.relayText}>
      <RelayFields relay={relay} errorOf={errorOf} onChange={(next) => set({ relay: next })} />
    </Panel>
  );
}

interface Saved {
  readonly was: SkillDraft;
  readonly draft: SkillDraft;
  readonly tag: string | undefined;
}

/** Saves on the ground that was read, and leads to the skill's page. */
function useSaving({ skill }: SkillDetails, { was, draft, tag }: Saved) {
  const { common } = useTexts();
  const tenant = useTenant();
  const navigate = useNavigate();
  const { question, leave } = useUnsaved(!sameDraft(was, draft));
  const toSkill = (): void => void navigate({ to: '/t/$tenant/skills/$skill', params: { tenant, skill: skill.slug } });
  const call = useCall(PUT_SKILL, {
    stale: [
      ['skill', tenant, skill.slug],
      ['skills', tenant],
    ],
    done: ({ once }) => {
      leave();
      sayDone(common.saved);
      if (once.length === 0) toSkill();
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    call.mutate({ params: { tenant, skill: skill.slug }, body: bodyOf(skill, draft), ifMatch: tag });
  };
  return { question, call, submit, toSkill };
}

interface SaveBarProps {
  readonly busy: boolean;
  readonly same: boolean;
  readonly tenant: string;
  readonly skill: string;
}

function SaveBar({ busy, same, tenant, skill }: SaveBarProps): ReactNode {
  const { common } = useTexts();
  return (
    <Group className="lb-save">
      <Button type="submit" loading={busy} disabled={same}>
        {common.save}
      </Button>
      <ButtonLink variant="default" to="/t/$tenant/skills/$skill" params={{ tenant, skill }}>
        {common.cancel}
      </ButtonLink>
    </Group>
  );
}
