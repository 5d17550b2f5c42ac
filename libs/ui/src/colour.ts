/** Red, green, blue; 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

const BLACK: Colour = [0, 0, 0];
const WHITE: Colour = [255, 255, 255];
const STEPS = 32;

/** A colour of the form `#rrggbb`; undefined for anything else. */
export function parseColour(text: string): Colour | undefined {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text)?.slice(1);
  if (!digits) return undefined;
  const [red = 0, green = 0, blue = 0] = digits.map((pair) => Number.parseInt(pair, 16));
  return [red, green, blue];
}

export function formatColour(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** From 1 (the same) to 21 (black on white). @see WCAG 2.2, contrast ratio */
export function contrastOf(one: Colour, other: Colour): number {
  const [darker = 0, lighter = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** @see WCAG 2.2, relative luminance */
function luminanceOf(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** White where it can be read on `background`, black otherwise: at least 4.5 to 1 on any colour. @see WCAG 2.2, 1.4.3 */
export function textOn(background: Colour): Colour {
  return contrastOf(WHITE, background) >= 4.5 ? WHITE : BLACK;
}

/** `colour`, darker or lighter by as little as it takes to be `ratio` to 1 against `background`. */
export function standOut(colour: Colour, background: Colour, ratio: number): Colour {
  const target = textOn(background);
  for (let step = 0; step < STEPS; step += 1) {
    const mixed = mix(colour, target, step / STEPS);
    if (contrastOf(mixed, background) >= ratio) return mixed;
  }
  return target;
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const part = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
}
