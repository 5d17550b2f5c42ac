import { GET_SKILL } from '@linkbroker/contracts/api';
import { Alert, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { callApi } from '../../../api/api.js';
import { Icon } from '../../../looks/icon.js';
import { CopyField } from '../../../parts/copy-field.js';
import { AnchorLink } from '../../../parts/links.js';
import { Panel } from '../../../parts/panel.js';
import { QueryView } from '../../../parts/query-view.js';
import type { NewSkillSearch } from '../../../search.js';
import { useAccess, useTenant } from '../../../session/use-access.js';
import { useTexts } from '../../../texts/use-texts.js';
import { Paste } from '../paste.js';
import { Smapi } from '../smapi.js';
import { Checklist } from './checklist.js';
import type { MadeSecret } from './new-skill-page.js';
import { TryIt } from './try-it.js';

interface Props {
  readonly skill: string;
  readonly since: string | undefined;
  readonly made: readonly MadeSecret[];
  readonly go: (next: NewSkillSearch, replace?: boolean) => void;
}

/** What Amazon has to know, and the first link while it happens. */
export function AlexaStep({ skill, since, made, go }: Props): ReactNode {
  const tenant = useTenant();
  const { may } = useAccess();
  const query = useQuery({
    queryKey: ['skill', tenant, skill],
    queryFn: ({ signal }) => callApi(GET_SKILL, { params: { tenant, skill } }, signal),
  });
  return (
    <QueryView query={query} rows={8}>
      {({ alexaConsole }) => (
        <>
          <Secrets made={made} skill={skill} />
          <Paste console={alexaConsole} />
          <Smapi skill={skill} />
          {may('skills.write') && (
            <TryIt skill={skill} known={made.find(({ what }) => what.startsWith('alexa '))?.secret} />
          )}
          {may('timelines.read') && (
            <Checklist
              skill={skill}
              since={since}
              onRestart={() => go({ step: 'alexa', skill, since: new Date().toISOString() }, true)}
            />
          )}
        </>
      )}
    </QueryView>
  );
}

function Secrets({ made, skill }: Pick<Props, 'made' | 'skill'>): ReactNode {
  const { setUp, common } = useTexts();
  const tenant = useTenant();
  if (made.length === 0) {
    return (
      <Alert variant="light" mb="md" icon={<Icon name="info" />}>
        <Stack gap={4} align="flex-start">
          <Text size="sm">{setUp.secretGone}</Text>
          <AnchorLink to="/t/$tenant/skills/$skill" params={{ tenant, skill }} size="sm">
            {setUp.secretAgain}
          </AnchorLink>
        </Stack>
      </Alert>
    );
  }
  return (
    <Panel title={setUp.secrets} text={setUp.secretsText}>
      <Stack gap="sm">
        {made.map(({ what, secret }) => (
          <CopyField key={what} label={what} value={secret} />
        ))}
        <Alert variant="light" color="yellow" icon={<Icon name="alert" />}>
          {common.shownOnce}
        </Alert>
      </Stack>
    </Panel>
  );
}
