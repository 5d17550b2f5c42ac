/** How much of something each name may have in a span of time; forgotten with the span. */
export class Rations {
  private readonly taken = new Map<string, number>();
  private endsAt = 0;

  constructor(
    private readonly most: number,
    private readonly spanMs: number,
  ) {}

  /** Takes one; false when the name has had its share. */
  take(name: string, nowMs: number): boolean {
    if (nowMs >= this.endsAt || nowMs < this.endsAt - this.spanMs) {
      this.taken.clear();
      this.endsAt = nowMs + this.spanMs;
    }
    const had = this.taken.get(name) ?? 0;
    if (had >= this.most) return false;
    this.taken.set(name, had + 1);
    return true;
  }
}
