/** Milliseconds of every request, kept whole: percentiles are exact, not read off buckets. */
export class Latencies {
  #values = new Float64Array(1 << 16);
  count = 0;

  add(milliseconds) {
    if (this.count === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.count] = milliseconds;
    this.count += 1;
  }

  summary() {
    const sorted = this.#values.subarray(0, this.count).slice().sort();
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? null;
    return { count: this.count, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
  }
}
