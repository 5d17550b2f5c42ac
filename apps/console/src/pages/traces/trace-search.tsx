import { Button, Group, Select, TextInput } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { Icon } from '../../looks/icon.js';
import { Panel } from '../../parts/panel.js';
import type { TracesSearch } from '../../search.js';
import { toLocalInput } from '../../story/local-time.js';
import { readLookUp } from '../../story/reference.js';
import { useTexts } from '../../texts/use-texts.js';
import { useSkillSlugs } from '../links/use-skill-slugs.js';

interface Props {
  readonly search: TracesSearch;
  readonly onSearch: (next: TracesSearch) => void;
}

interface Asked {
  readonly ref: string;
  /** In the viewer's time zone. */
  readonly at: string;
  readonly name: string | null;
  readonly outcome: string;
  readonly skill: string | null;
}

const askedOf = ({ ref = '', at, name, outcome = '', skill }: TracesSearch): Asked => ({
  ...{ ref, outcome },
  name: name ?? null,
  skill: skill ?? null,
  at: at === undefined ? '' : toLocalInput(at),
});

const searchOf = ({ at, name, outcome, skill }: Asked): TracesSearch => ({
  ...(at !== '' && { at: new Date(at).toISOString() }),
  ...(name !== null && { name }),
  ...(outcome.trim() !== '' && { outcome: outcome.trim() }),
  ...(skill !== null && { skill }),
});

/** The form of a search; what is asked stands in the address. */
export function TraceSearch({ search, onSearch }: Props): ReactNode {
  const { traces } = useTexts();
  const [asked, ask] = useState(() => askedOf(search));
  const [wrong, setWrong] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const found = asked.ref.trim() === '' ? null : readLookUp(asked.ref);
    const reference = found?.kind === 'reference' ? found.reference : undefined;
    const misread = found !== null && reference === undefined;
    setWrong(misread);
    if (!misread) onSearch(reference === undefined ? searchOf(asked) : { ref: reference });
  };
  return (
    <Panel title={traces.search} quiet>
      <form onSubmit={submit} role="search">
        <div className="lb-filters">
          <Fields asked={asked} onAsk={(change) => ask({ ...asked, ...change })} wrong={wrong} />
          <Group gap="xs" className="lb-buttons">
            <Button type="submit" leftSection={<Icon name="search" size={16} />}>
              {traces.search}
            </Button>
            <Button variant="default" onClick={() => onSearch({})}>
              {traces.clear}
            </Button>
          </Group>
        </div>
      </form>
    </Panel>
  );
}

interface FieldsProps {
  readonly asked: Asked;
  readonly onAsk: (change: Partial<Asked>) => void;
  readonly wrong: boolean;
}

function Fields({ asked, onAsk, wrong }: FieldsProps): ReactNode {
  const { traces, links, events } = useTexts();
  const skills = useSkillSlugs();
  const { ref, at, name, outcome, skill } = asked;
  return (
    <>
      <TextInput
        label={traces.reference}
        placeholder="K7QX-3M2P"
        value={ref}
        error={wrong ? links.notReference : null}
        onChange={(event) => onAsk({ ref: event.currentTarget.value })}
      />
      <TextInput
        label={traces.at}
        type="datetime-local"
        step={1}
        title={traces.atHint}
        value={at}
        onChange={(event) => onAsk({ at: event.currentTarget.value })}
      />
      <Select
        label={traces.name}
        placeholder={traces.anyName}
        data={Object.entries(events).map(([value, label]) => ({ value, label }))}
        searchable
        clearable
        value={name}
        onChange={(next) => onAsk({ name: next })}
      />
      <TextInput
        label={traces.outcome}
        placeholder={traces.outcomeHint}
        value={outcome}
        onChange={(event) => onAsk({ outcome: event.currentTarget.value })}
      />
      <Select
        label={traces.skill}
        placeholder={links.allSkills}
        data={skills}
        searchable
        clearable
        value={skill}
        onChange={(next) => onAsk({ skill: next })}
      />
    </>
  );
}
