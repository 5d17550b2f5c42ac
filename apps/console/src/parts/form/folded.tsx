import type { ReactNode } from 'react';

/** What few people need, behind its name. */
export function Folded({
  title,
  opened = false,
  children,
}: {
  readonly title: string;
  readonly opened?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <details className="lb-fold" open={opened || undefined}>
      <summary>{title}</summary>
      <div className="lb-folded">{children}</div>
    </details>
  );
}
