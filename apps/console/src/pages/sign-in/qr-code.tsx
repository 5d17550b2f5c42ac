import { generate } from 'lean-qr';
import { useMemo, type ReactNode } from 'react';

/** Modules of white around it, without which readers do not find it. */
const QUIET = 4;

/** A QR code, black on white also in the dark: readers want it so. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const { path, size } = useMemo(() => draw(text), [text]);
  return (
    <svg
      className="lb-qr"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${String(size)} ${String(size)}`}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function draw(text: string): { path: string; size: number } {
  const code = generate(text);
  const places = Array.from({ length: code.size }, (_, index) => index);
  const squares = places.flatMap((y) =>
    places.filter((x) => code.get(x, y)).map((x) => `M${String(x + QUIET)} ${String(y + QUIET)}h1v1h-1z`),
  );
  return { path: squares.join(''), size: code.size + 2 * QUIET };
}
