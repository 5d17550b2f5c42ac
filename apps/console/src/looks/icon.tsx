import type { ReactNode } from 'react';

/** Drawn on 24 by 24, in strokes. */
const SHAPES = {
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z',
  links: 'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 6 6l1-1',
  traces: 'M4 6h3M4 12h3M4 18h3M10 6h10M10 12h7M10 18h9',
  deliveries: 'M4 6h16v12H4zM4 7l8 6 8-6',
  eventGrants:
    'M12 4v3M12 17v3M4 12h3M17 12h3M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6M6.3 6.3l2 2M15.7 15.7l2 2M6.3 17.7l2-2M15.7 8.3l2-2',
  queues: 'M4 6h16v4H4zM4 14h10v4H4zM17 16h3',
  skills: 'M12 4a8 8 0 1 0 8 8M12 8a4 4 0 1 0 4 4M12 12l7-7M15 5h4v4',
  connectors: 'M9 4v5M15 4v5M6 9h12v3a6 6 0 0 1-12 0zM12 18v3',
  members:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M3 20c0-3.5 2.5-6 6-6s6 2.5 6 6M16 4.5a3.5 3.5 0 0 1 0 6M17.5 14.5c2 .8 3.5 2.8 3.5 5.5',
  apiKeys: 'M8 20a4 4 0 1 0 0-8 4 4 0 0 0 0 8M11 13l9-9M16 8l3 3',
  signInProviders: 'M14 4h5v16h-5M4 12h10M10 8l4 4-4 4',
  audit: 'M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h5',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  tenants: 'M4 20V8l8-4 8 4v12M4 20h16M9 20v-5h6v5M9 11h.01M15 11h.01',
  account: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20c.5-3.5 3.5-6 7.5-6s7 2.5 7.5 6',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M16 16l4.5 4.5',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1 1M17.4 17.4l1 1M5.6 18.4l1-1M17.4 6.6l1-1',
  moon: 'M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5',
  signOut: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6L6 18',
  alert: 'M12 4l9 16H3zM12 10v4.5M12 17.2v.01',
  info: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M12 11v5M12 8v.01',
  odd: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M9.8 9.5a2.3 2.3 0 1 1 3.2 2.1c-.7.3-1 .8-1 1.5v.4M12 16.5v.01',
  doctor: 'M6 4v5a4 4 0 0 0 8 0V4M6 4H4.5M14 4h1.5M10 13v2.5a4.5 4.5 0 0 0 9 0V14M19 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  configFile: 'M6 3h9l4 4v14H6zM15 3v4h4M12 11v6M9.5 14.5L12 17l2.5-2.5',
  next: 'M9 5l7 7-7 7',
  down: 'M5 9l7 7 7-7',
  plus: 'M12 5v14M5 12h14',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  external: 'M13 5h6v6M19 5l-8 8M10 6H5v13h13v-5',
  wait: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M12 7v5l3 2',
  refresh: 'M20 11a8 8 0 0 0-14.5-3.5L4 9M4 4v5h5M4 13a8 8 0 0 0 14.5 3.5L20 15M20 20v-5h-5',
  repair: 'M14.5 6.5a4 4 0 0 1 5-1l-2.5 2.5.5 2 2 .5L22 8a4 4 0 0 1-5.5 5L9 20.5 5.5 17 13 9.5a4 4 0 0 1 1.5-3z',
  imports: 'M12 3v9M8.5 8.5L12 12l3.5-3.5M4 13h4l1.5 3h5L16 13h4v7H4z',
  download: 'M12 4v11M7 10.5l5 5 5-5M4 20h16',
  revoke: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M6 6l12 12',
  passkey:
    'M10 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M3.5 20c0-3.5 3-6 6.5-6M17.5 15a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M17.5 15v6l1.5-1.5M17.5 18h-2',
  globe: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  alexa: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M8 10v4M12 8v8M16 10v4',
  household: 'M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6',
  provider: 'M4 5h16v6H4zM4 13h16v6H4zM7.5 8v.01M7.5 16v.01',
  broker: 'M12 4l7 4v8l-7 4-7-4V8zM12 12l7-4M12 12v8M12 12L5 8',
  webhook: 'M4 12h11M11 7l5 5-5 5M20 5v14',
} as const;

export type IconName = keyof typeof SHAPES;

/** A picture beside words: it says nothing of its own to somebody who listens. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }): ReactNode {
  return (
    <svg
      className="lb-icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
