import { Tooltip } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { formatDistance, formatMoment } from '../story/format.js';
import { useLanguage } from '../texts/use-texts.js';

const EVERY_MS = 30_000;

/** Now, as often as words like “5 minutes ago” need it. */
function useNow(): number {
  const [now, tell] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => tell(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** A time by its distance; the time itself can be seen and copied. */
export function Moment({ at }: { readonly at: string }): ReactNode {
  const { language } = useLanguage();
  const now = useNow();
  return (
    <Tooltip label={`${formatMoment(at, language)} (${at})`}>
      <time dateTime={at} tabIndex={0} className="lb-moment">
        {formatDistance(at, now, language)}
      </time>
    </Tooltip>
  );
}
