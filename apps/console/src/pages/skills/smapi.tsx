import { EXPORT_SMAPI } from '@linkbroker/contracts/api';
import { Button, List, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { CopyField } from '../../parts/copy-field.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { TextActions } from '../../parts/text-actions.js';
import { useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';

/** The same for Amazon's command line, for who would rather not paste. */
export function Smapi({ skill }: { readonly skill: string }): ReactNode {
  const { setUp } = useTexts();
  const [asked, ask] = useState(false);
  return (
    <Panel
      title={setUp.smapi}
      text={setUp.smapiText}
      aside={
        <Button size="xs" variant="default" aria-expanded={asked} onClick={() => ask(!asked)}>
          {asked ? setUp.hide : setUp.show}
        </Button>
      }
    >
      {asked && <Export skill={skill} />}
    </Panel>
  );
}

function Export({ skill }: { readonly skill: string }): ReactNode {
  const { setUp } = useTexts();
  const tenant = useTenant();
  const query = useQuery({
    queryKey: ['skill', tenant, skill, 'smapi'],
    queryFn: ({ signal }) => callApi(EXPORT_SMAPI, { params: { tenant, skill } }, signal),
  });
  return (
    <QueryView query={query}>
      {({ body, advice, command }) => {
        const text = JSON.stringify(body, null, 2);
        return (
          <Stack gap="sm">
            {advice.length > 0 && (
              <List size="sm" lang="en">
                {advice.map((line) => (
                  <List.Item key={line}>{line}</List.Item>
                ))}
              </List>
            )}
            <pre className="lb-json" tabIndex={0}>
              {text}
            </pre>
            <TextActions text={text} file={`${skill}.json`} download={setUp.download(`${skill}.json`)} />
            <CopyField label={setUp.command} value={command.join('\n')} />
          </Stack>
        );
      }}
    </QueryView>
  );
}
