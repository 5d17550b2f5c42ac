import { APPLY_CONFIG_FILE, PLAN_CONFIG_FILE } from '@linkbroker/contracts/api';
import { Button, Checkbox, Group, Stack, Textarea } from '@mantine/core';
import { useRef, useState, type ChangeEvent, type ReactNode, type SubmitEvent } from 'react';
import { CopyField } from '../../parts/copy-field.js';
import { FailureNote } from '../../parts/failure-note.js';
import { Panel } from '../../parts/panel.js';
import { sayDone } from '../../parts/say.js';
import { ShownOnce } from '../../parts/shown-once.js';
import { useCall } from '../../parts/use-call.js';
import { useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { PlanView } from './plan-view.js';

const EMPTY = { yaml: '', prune: false };

type File = typeof EMPTY;

/** The two calls, and that what is known of the tenant is read again. */
function useApplying(onDone: () => void) {
  const { configFile } = useTexts();
  const tenant = useTenant();
  const plan = useCall(PLAN_CONFIG_FILE);
  const apply = useCall(APPLY_CONFIG_FILE, {
    // All of the tenant may be another now.
    stale: [['config-file', tenant], ['skills', tenant], ['skill', tenant], ['connectors', tenant], ['tenants']],
    done: ({ lines, once }) => {
      // Else the dialog with the secrets says it.
      if (once.length === 0) sayDone(configFile.applied(lines.length));
      plan.reset();
      onDone();
    },
  });
  return { plan, apply };
}

/** A file, what it would change, and that it be done. */
export function ApplyFile(): ReactNode {
  const { configFile } = useTexts();
  const tenant = useTenant();
  const [file, setFile] = useState(EMPTY);
  // It holds secrets.
  const { plan, apply } = useApplying(() => setFile(EMPTY));
  const change = (next: Partial<File>): void => {
    setFile((before) => ({ ...before, ...next }));
    plan.reset();
    apply.reset();
  };
  return (
    <Panel title={configFile.apply} text={configFile.applyText}>
      <FileForm
        file={file}
        busy={plan.isPending}
        error={plan.error}
        onChange={change}
        onSubmit={() => plan.mutate({ params: { tenant }, body: file })}
      />
      {plan.data && (
        <PlanView
          plan={plan.data}
          busy={apply.isPending}
          error={apply.error}
          onApply={({ liveGrants, expected }) =>
            apply.mutate({ params: { tenant }, body: { ...file, liveGrants, expected } })
          }
        />
      )}
      <ShownOnce
        title={configFile.made}
        text={configFile.madeText}
        opened={(apply.data?.once.length ?? 0) > 0}
        onClose={apply.reset}
      >
        {apply.data?.once.map(({ what, secret }) => (
          <CopyField key={what} label={what} value={secret} />
        ))}
      </ShownOnce>
    </Panel>
  );
}

interface FormProps {
  readonly file: File;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onChange: (next: Partial<File>) => void;
  readonly onSubmit: () => void;
}

function FileForm({ file, busy, error, onChange, onSubmit }: FormProps): ReactNode {
  const { configFile } = useTexts();
  const isEmpty = file.yaml.trim() === '';
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isEmpty) onSubmit();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FileField yaml={file.yaml} onChange={(yaml) => onChange({ yaml })} />
        <Checkbox
          label={configFile.prune}
          description={configFile.pruneText}
          checked={file.prune}
          onChange={(event) => onChange({ prune: event.currentTarget.checked })}
        />
        {error !== null && <FailureNote error={error} />}
        <Group>
          <Button type="submit" loading={busy} disabled={isEmpty}>
            {configFile.plan}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Typed, pasted or chosen; it is read in the browser. */
function FileField({
  yaml,
  onChange,
}: {
  readonly yaml: string;
  readonly onChange: (yaml: string) => void;
}): ReactNode {
  const { configFile } = useTexts();
  const input = useRef<HTMLInputElement>(null);
  const take = (event: ChangeEvent<HTMLInputElement>): void => {
    const [chosen] = event.currentTarget.files ?? [];
    event.currentTarget.value = '';
    void chosen?.text().then(onChange);
  };
  return (
    <>
      <Textarea
        label={configFile.yaml}
        className="lb-mono"
        rows={12}
        value={yaml}
        spellCheck={false}
        autoComplete="off"
        maxLength={500_000}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Group>
        <input
          ref={input}
          type="file"
          accept=".yaml,.yml,text/yaml"
          hidden
          onChange={take}
          aria-label={configFile.choose}
        />
        <Button size="xs" variant="default" onClick={() => input.current?.click()}>
          {configFile.choose}
        </Button>
      </Group>
    </>
  );
}
