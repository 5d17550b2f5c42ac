import { Group, SegmentedControl } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { SentTimeline } from '../../story/timeline.js';
import { useTexts } from '../../texts/use-texts.js';
import { CopyAction } from '../copy-field.js';
import { EmptyState } from '../empty-state.js';
import { Panel } from '../panel.js';
import { Causes } from './causes.js';
import { Story } from './story.js';

interface Props {
  readonly timeline: SentTimeline;
  /** As the API sent it. */
  readonly raw: object;
  readonly children?: ReactNode;
}

/** Why, then what happened; the same as it was recorded beside it. */
export function TimelineView({ timeline, raw, children }: Props): ReactNode {
  const { timeline: words } = useTexts();
  const [look, choose] = useState('story');
  const nothing = timeline.entries.length === 0;
  const text = look === 'raw' ? JSON.stringify(raw, null, 2) : '';
  return (
    <>
      {!nothing && (
        <Panel title={words.causes}>
          <Causes causes={timeline.causes} />
        </Panel>
      )}
      <Panel
        title={words.title}
        aside={
          <Group gap="xs">
            {look === 'raw' && <CopyAction value={text} label={words.copyRaw} />}
            <SegmentedControl
              size="xs"
              aria-label={words.title}
              value={look}
              onChange={choose}
              data={[
                { value: 'story', label: words.story },
                { value: 'raw', label: words.raw },
              ]}
            />
          </Group>
        }
      >
        {nothing && <EmptyState icon="traces" title={words.empty} text={words.emptyText} />}
        {!nothing && look === 'story' && <Story entries={timeline.entries} />}
        {!nothing && look === 'raw' && (
          <pre className="lb-json" tabIndex={0}>
            {text}
          </pre>
        )}
        {children}
      </Panel>
    </>
  );
}
