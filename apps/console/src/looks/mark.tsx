import type { ReactNode } from 'react';

/** The product's mark; its name stands beside it. */
export function Mark({ size }: { readonly size: number }): ReactNode {
  return <img src="/mark.svg" width={size} height={size} alt="" className="lb-mark" />;
}
