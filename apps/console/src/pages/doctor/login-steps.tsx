import { ActionIcon, Button, Group, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../../looks/icon.js';
import { useTexts } from '../../texts/use-texts.js';
import type { StepFields } from './run-fields.js';

const KINDS = ['fill', 'click', 'waitFor'] as const;
const MOST_STEPS = 50;

interface Props {
  readonly steps: readonly StepFields[];
  readonly wrong: boolean;
  readonly onChange: (steps: readonly StepFields[]) => void;
}

/** How somebody signs in, a row for each step. */
export function LoginSteps({ steps, wrong, onChange }: Props): ReactNode {
  const { doctor, tenants } = useTexts();
  const key = 1 + Math.max(0, ...steps.map((one) => one.key));
  const replace = (changed: StepFields): void =>
    onChange(steps.map((one) => (one.key === changed.key ? changed : one)));
  return (
    <Stack gap="sm">
      <ol className="lb-steps">
        {steps.map((step, index) => (
          <StepRow
            key={step.key}
            step={step}
            number={index + 1}
            onChange={replace}
            onRemove={() => onChange(steps.filter((one) => one.key !== step.key))}
          />
        ))}
      </ol>
      {wrong && (
        <Text size="sm" c="red" role="alert">
          {tenants.required}
        </Text>
      )}
      <Group>
        <Button
          variant="default"
          size="xs"
          disabled={steps.length >= MOST_STEPS}
          leftSection={<Icon name="plus" size={14} />}
          onClick={() => onChange([...steps, { key, kind: 'click', selector: '', value: '' }])}
        >
          {doctor.addStep}
        </Button>
      </Group>
    </Stack>
  );
}

interface RowProps {
  readonly step: StepFields;
  readonly number: number;
  readonly onChange: (step: StepFields) => void;
  readonly onRemove: () => void;
}

function StepRow({ step, number, onChange, onRemove }: RowProps): ReactNode {
  const { doctor } = useTexts();
  const said = (what: string): string => `${doctor.step(number)}: ${what}`;
  return (
    <li className="lb-step">
      <Select
        aria-label={said(doctor.kind)}
        allowDeselect={false}
        value={step.kind}
        data={KINDS.map((value) => ({ value, label: doctor.kinds[value] }))}
        onChange={(next) => onChange({ ...step, kind: KINDS.find((one) => one === next) ?? step.kind })}
      />
      <TextInput
        aria-label={said(doctor.selector)}
        placeholder={doctor.selector}
        className="lb-mono"
        value={step.selector}
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        maxLength={500}
        onChange={(event) => onChange({ ...step, selector: event.currentTarget.value })}
      />
      {step.kind === 'fill' && (
        <PasswordInput
          aria-label={said(doctor.value)}
          placeholder={doctor.secretValue}
          value={step.value}
          autoComplete="off"
          maxLength={1_000}
          onChange={(event) => onChange({ ...step, value: event.currentTarget.value })}
        />
      )}
      <ActionIcon variant="subtle" color="red" aria-label={doctor.removeStep(number)} onClick={onRemove}>
        <Icon name="cross" size={16} />
      </ActionIcon>
    </li>
  );
}
