/** Octets of a batch: room for its entries, which have some three hundred each. */
const BATCH_OCTETS = 262_144;
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
/** UTF-8 takes at most so many octets for a unit of a string. */
const WIDEST = 3;

/** Entries of one write: a JSON array that is written while they come. */
class Batch {
  /** Where each entry ends. */
  private readonly ends: number[] = [];
  private end = 1;

  constructor(readonly octets: Buffer) {
    octets[0] = OPEN;
  }

  get count(): number {
    return this.ends.length;
  }

  /** Whether a text finds room; the bracket that closes the array has its own. */
  takes(text: string): boolean {
    return this.end + text.length * WIDEST + 1 < this.octets.length;
  }

  add(text: string): void {
    if (this.ends.length > 0) this.octets[this.end++] = COMMA;
    this.end += this.octets.write(text, this.end);
    this.ends.push(this.end);
  }

  /** Entries from one place to before another, as a JSON array. It is overwritten by nothing while the batch is there. */
  read(from: number, to: number): Buffer {
    const last = this.ends[to - 1] ?? 1;
    if (from === 0 && to === this.ends.length) {
      this.octets[last] = CLOSE;
      return this.octets.subarray(0, last + 1);
    }
    const start = from === 0 ? 1 : (this.ends[from - 1] ?? 0) + 1;
    return Buffer.concat([Buffer.of(OPEN), this.octets.subarray(start, last), Buffer.of(CLOSE)]);
  }
}

/** A batch that has been closed: nothing is added to it any more. */
export type ClosedBatch = Pick<Batch, 'count' | 'read'>;

/**
 * JSON texts on their way to a store, gathered into arrays of a few hundred. They are kept as octets: what waits would as
 * objects outlive the young generation of the heap, and be collected with the old one.
 */
export class EntryBatches {
  private readonly closed: Batch[] = [];
  private filling: Batch | undefined;
  private waiting = 0;
  /** Octets of a batch that is done, for the next one: new ones many times a second would hasten the collector. */
  private spare: Buffer | undefined;

  /** @param most entries of a batch */
  constructor(private readonly most: number) {}

  /** How many entries wait. */
  get count(): number {
    return this.waiting;
  }

  add(text: string): void {
    if (this.filling && (this.filling.count >= this.most || !this.filling.takes(text))) this.closeFilling();
    this.filling ??= new Batch(this.octetsFor(text.length * WIDEST + 3));
    this.filling.add(text);
    this.waiting += 1;
  }

  /** The oldest batch, which stays until it is removed; undefined where nothing waits. */
  first(): ClosedBatch | undefined {
    if (this.closed.length === 0) this.closeFilling();
    return this.closed[0];
  }

  /** Removes the oldest batch: it is where it belongs, or nowhere, and nobody reads any more what was read of it. */
  removeFirst(): void {
    const done = this.closed.shift();
    if (!done) return;
    this.waiting -= done.count;
    if (done.octets.length === BATCH_OCTETS) this.spare = done.octets;
  }

  private octetsFor(size: number): Buffer {
    if (size > BATCH_OCTETS) return Buffer.allocUnsafeSlow(size);
    const octets = this.spare ?? Buffer.allocUnsafeSlow(BATCH_OCTETS);
    this.spare = undefined;
    return octets;
  }

  private closeFilling(): void {
    if (this.filling) this.closed.push(this.filling);
    this.filling = undefined;
  }
}
