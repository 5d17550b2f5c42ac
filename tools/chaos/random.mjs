/**
 * Numbers that follow from a seed and from nothing else, so that a run can be had again: xorshift of 32 bits.
 * @param {number} seed a whole number
 * @see Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003)
 */
export function seededRandom(seed) {
  // Seeds that differ in one bit must not begin alike, and the state may never be zero.
  let state = Math.imul((seed >>> 0) + 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4_294_967_296;
  };
  for (let count = 0; count < 8; count += 1) next();
  const whole = (least, most) => least + Math.floor(next() * (most - least + 1));
  return {
    /** A fraction in [0, 1). */
    next,
    /** A whole number between both, both included. */
    whole,
    chance: (share) => next() < share,
    /** @template T @param {readonly T[]} list @returns {T} */
    pick: (list) => list[whole(0, list.length - 1)],
  };
}
