import {
  ActionIcon,
  Popover,
  SegmentedControl,
  Stack,
  Text,
  useMantineColorScheme,
  type MantineColorScheme,
} from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { Icon } from '../looks/icon.js';
import { LANGUAGE_NAMES, LANGUAGES } from '../texts/languages.js';
import { useLanguage, useTexts } from '../texts/use-texts.js';

const SCHEMES: readonly MantineColorScheme[] = ['light', 'dark', 'auto'];

/** Appearance and language, for whoever sits here. */
export function Preferences(): ReactNode {
  const { shell } = useTexts();
  const { language, speak } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = `${shell.looks}, ${shell.language}`;
  return (
    <Popover position="bottom-end" withinPortal={false} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={name}>
          <Icon name="globe" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Choice
            label={shell.language}
            value={language}
            choices={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
            onChange={(next) => LANGUAGES.filter((one) => one === next).forEach(speak)}
          />
          <Choice
            label={shell.looks}
            value={colorScheme}
            choices={SCHEMES.map((value) => ({ value, label: shell[value] }))}
            onChange={(next) => SCHEMES.filter((one) => one === next).forEach(setColorScheme)}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: { value: string; label: string }[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, choices, onChange }: ChoiceProps): ReactNode {
  const id = useId();
  return (
    <div>
      <Text size="xs" fw={600} c="dimmed" id={id} mb={4}>
        {label}
      </Text>
      <SegmentedControl size="xs" fullWidth aria-labelledby={id} value={value} data={choices} onChange={onChange} />
    </div>
  );
}
