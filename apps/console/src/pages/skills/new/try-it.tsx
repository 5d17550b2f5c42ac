import { GET_SKILL, PUT_SKILL, TRY_SKILL } from '@linkbroker/contracts/api';
import { Alert, Button, Group, List, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { ApiFailure } from '../../../api/api-failure.js';
import { callApi, readTagged } from '../../../api/api.js';
import { Icon } from '../../../looks/icon.js';
import { FailureNote } from '../../../parts/failure-note.js';
import { fieldError } from '../../../parts/field-errors.js';
import { Panel } from '../../../parts/panel.js';
import { QueryView } from '../../../parts/query-view.js';
import { useCall } from '../../../parts/use-call.js';
import { useTenant } from '../../../session/use-access.js';
import { useTexts } from '../../../texts/use-texts.js';
import { useInstallation } from '../catalogue.js';
import { bodyOf, draftOf } from '../edit/skill-draft.js';

interface Props {
  readonly skill: string;
  /** The secret, where it was made on this very page. */
  readonly known: string | undefined;
}

/** A first link: in the simulator where one runs beside, else in the Alexa app. */
export function TryIt({ skill, known }: Props): ReactNode {
  const { tryIt } = useTexts();
  const installation = useInstallation();
  return (
    <Panel title={tryIt.title} text={installation.data?.simulatorUrl ? tryIt.text : undefined}>
      <QueryView query={installation} rows={2}>
        {({ simulatorUrl }) => (simulatorUrl === null ? <InTheApp /> : <InTheSimulator skill={skill} known={known} />)}
      </QueryView>
    </Panel>
  );
}

function InTheApp(): ReactNode {
  const { tryIt } = useTexts();
  return (
    <List type="ordered" size="sm">
      {tryIt.inTheApp.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  );
}

function InTheSimulator({ skill, known }: Props): ReactNode {
  const { tryIt } = useTexts();
  const tenant = useTenant();
  const [typed, type] = useState('');
  const secret = known ?? typed;
  const { mutate, isPending, error, data } = useCall(TRY_SKILL);
  const attempt = (): void => mutate({ params: { tenant, skill }, body: { clientSecret: secret } });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (secret !== '') attempt();
  };
  const missing = missingRedirectUri(error);
  return (
    <form onSubmit={submit}>
      <Stack maw={560}>
        {known === undefined && (
          <PasswordInput
            label={tryIt.secret}
            description={tryIt.secretText}
            autoComplete="off"
            value={typed}
            error={fieldError(error, 'clientSecret') && tryIt.wrongSecret}
            onChange={(event) => type(event.currentTarget.value)}
          />
        )}
        {missing !== undefined && <AddRedirectUri skill={skill} uri={missing} onAdded={attempt} />}
        {error && missing === undefined && <FailureNote error={error} />}
        {data ? (
          <Opening address={data.address} />
        ) : (
          <Group>
            <Button type="submit" loading={isPending} disabled={secret === ''}>
              {tryIt.action}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

/** A link and no window that opens by itself: browsers hold those back. */
function Opening({ address }: { readonly address: string }): ReactNode {
  const { tryIt } = useTexts();
  return (
    <>
      <Group>
        <Button
          component="a"
          href={address}
          target="_blank"
          rel="noreferrer"
          leftSection={<Icon name="external" size={16} />}
        >
          {tryIt.open}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {tryIt.opened}
      </Text>
    </>
  );
}

/** The address of the simulator that the skill does not list, where that is what is in the way. */
const missingRedirectUri = (error: unknown): string | undefined =>
  error instanceof ApiFailure && error.status === 409 ? fieldError(error, 'redirectUris') : undefined;

interface AddProps {
  readonly skill: string;
  readonly uri: string;
  readonly onAdded: () => void;
}

function AddRedirectUri({ skill, uri, onAdded }: AddProps): ReactNode {
  const { tryIt } = useTexts();
  const tenant = useTenant();
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const params = { tenant, skill };
      const { answer, tag } = await readTagged(GET_SKILL, { params });
      const draft = draftOf(answer.skill);
      const body = bodyOf(answer.skill, { ...draft, redirectUris: [...draft.redirectUris, uri] });
      await callApi(PUT_SKILL, { params, body, ifMatch: tag });
    },
    onSuccess: async () => {
      onAdded();
      await client.invalidateQueries({ queryKey: ['skill', tenant, skill] });
    },
  });
  return (
    <Alert variant="light" color="yellow" icon={<Icon name="alert" />}>
      <Stack gap="xs">
        <Text fw={600}>{tryIt.missing}</Text>
        <Text size="sm">{tryIt.missingText}</Text>
        <code className="lb-value">{uri}</code>
        {error && <FailureNote error={error} />}
        <Group>
          <Button size="xs" loading={isPending} onClick={() => mutate()}>
            {tryIt.add}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
