/**
 * The colours of the link pages, so that the console is recognised as the same product. `accent` is a scale of ten
 * around their blue, `night` one of ten from their dark page's ink to below its ground.
 */
export const ACCENT = [
  '#eaf3fc',
  '#d3e5f8',
  '#a8ccf1',
  '#7cb8f5',
  '#4f97e0',
  '#2a78c9',
  '#1567b8',
  '#0b5cab',
  '#084a8b',
  '#06386a',
] as const;

export const NIGHT = [
  '#e9eef4',
  '#c8d2dc',
  '#a9b6c3',
  '#7d8b99',
  '#435262',
  '#2d3a47',
  '#18212b',
  '#0e141b',
  '#0a0f15',
  '#06090d',
] as const;
