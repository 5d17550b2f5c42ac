import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { EmptyState } from '../../../parts/empty-state.js';
import { LoadingRows } from '../../../parts/loading-rows.js';
import { PageHead } from '../../../parts/page-head.js';
import type { NewSkillSearch } from '../../../search.js';
import { useAccess, useTenant } from '../../../session/use-access.js';
import { useTexts } from '../../../texts/use-texts.js';
import { GUIDE_STEPS, guideStep, type GuideStep } from './guide-step.js';

/** Each comes when it is reached. */
const ProviderStep = lazy(async () => ({ default: (await import('./provider-step.js')).ProviderStep }));
const ConnectorStep = lazy(async () => ({ default: (await import('./connector-step.js')).ConnectorStep }));
const SkillStep = lazy(async () => ({ default: (await import('./skill-step.js')).SkillStep }));
const AlexaStep = lazy(async () => ({ default: (await import('./alexa-step.js')).AlexaStep }));

/** A secret that was made, told this once; it lives as long as the page. */
export interface MadeSecret {
  readonly what: string;
  readonly secret: string;
}

/** From a provider to the first link. How far somebody is stands in the address; secrets never do. */
export function NewSkillPage(): ReactNode {
  const { setUp } = useTexts();
  const tenant = useTenant();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/t/$tenant/skills/new' });
  const { may } = useAccess();
  const [made, remember] = useState<readonly MadeSecret[]>([]);
  const step = guideStep(search);
  const go = (next: NewSkillSearch, replace = false): void =>
    void navigate({ to: '/t/$tenant/skills/new', params: { tenant }, search: next, replace });
  const allowed = step === 'alexa' || (may('skills.write') && may('connectors.write'));
  return (
    <>
      <PageHead title={setUp.title} text={step === 'alexa' ? setUp.alexaText(search.skill ?? '') : setUp.text} />
      <GuideProgress current={step} />
      {allowed ? (
        <Suspense fallback={<LoadingRows rows={8} />}>
          <GuideStepView step={step} search={search} go={go} made={made} onMade={remember} />
        </Suspense>
      ) : (
        <EmptyState icon="info" title={setUp.forbidden} text={setUp.forbiddenText} />
      )}
    </>
  );
}

interface StepProps {
  readonly step: GuideStep;
  readonly search: NewSkillSearch;
  readonly go: (next: NewSkillSearch, replace?: boolean) => void;
  readonly made: readonly MadeSecret[];
  readonly onMade: (made: readonly MadeSecret[]) => void;
}

function GuideStepView({ step, search, go, made, onMade }: StepProps): ReactNode {
  const { connector = '', skill = '', since } = search;
  if (step === 'provider') return <ProviderStep go={go} />;
  if (step === 'connector') return <ConnectorStep search={search} go={go} />;
  if (step === 'skill') return <SkillStep connector={connector} go={go} onMade={onMade} />;
  return <AlexaStep skill={skill} since={since} made={made} go={go} />;
}

/** Where in the guide one is. */
function GuideProgress({ current }: { readonly current: GuideStep }): ReactNode {
  const { setUp } = useTexts();
  const at = GUIDE_STEPS.indexOf(current);
  return (
    <ol className="lb-guide" aria-label={setUp.progress}>
      {GUIDE_STEPS.map((step, index) => (
        <li
          key={step}
          data-state={index < at ? 'done' : index === at ? 'now' : 'later'}
          aria-current={index === at ? 'step' : undefined}
        >
          <span aria-hidden="true">{index + 1}</span>
          {setUp.steps[step]}
        </li>
      ))}
    </ol>
  );
}
