/** Work under way, so much at once. Work that fails has told of it itself. */
export class Places {
  private wake: () => void = () => undefined;

  constructor(private count: number) {}

  get free(): number {
    return this.count;
  }

  take(work: Promise<void>): void {
    this.count -= 1;
    const giveBack = (): void => {
      this.count += 1;
      this.wake();
    };
    work.then(giveBack, giveBack);
  }

  /** Waits until so many are free. */
  async until(free: number): Promise<void> {
    while (this.count < free) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}
