import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyField } from '../../parts/copy-field.js';
import { Panel } from '../../parts/panel.js';
import { useTexts } from '../../texts/use-texts.js';
import type { SkillDetails } from './edit/skill-draft.js';

/** What Amazon's developer console takes, field by field. */
export function Paste({ console: values }: { readonly console: SkillDetails['alexaConsole'] }): ReactNode {
  const { skills } = useTexts();
  return (
    <Panel title={skills.paste} text={skills.pasteText}>
      <Stack gap="sm">
        <CopyField label={skills.authorizationUrl} value={values.authorizationUrl} />
        {values.tokenUrl !== null && <CopyField label={skills.tokenUrl} value={values.tokenUrl} />}
        <CopyField label={skills.clientId} value={values.clientId} />
        {values.scopes.length > 0 && <CopyField label={skills.scopes} value={values.scopes.join('\n')} />}
        <CopyField label={skills.redirectUris} value={values.redirectUris.join('\n')} />
      </Stack>
    </Panel>
  );
}
