/** @param {number[]} values at least one @returns {{ median: number, min: number, max: number }} */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}

/** Round by round, because both of a round met the same machine. @returns {ReturnType<typeof spread>} of a / b */
export const ratio = (a, b) => spread(a.map((value, round) => value / b[round]));
