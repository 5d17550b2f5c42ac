import type { Skill } from '../skills.js';

const HOUR_MS = 3_600_000;
const MOST = 100;

/** Skills that somebody tries: known for an hour, in memory. */
export class TriedSkills {
  private readonly taken = new Map<string, { readonly skill: Skill; readonly until: number }>();

  constructor(private readonly now: () => number) {}

  /** Knows a skill from now on; the one that was taken first goes when there are too many. */
  take(skill: Skill): void {
    this.taken.delete(skill.clientId);
    const [first] = this.taken.keys();
    if (this.taken.size >= MOST && first !== undefined) this.taken.delete(first);
    this.taken.set(skill.clientId, { skill, until: this.now() + HOUR_MS });
  }

  /**
   * Those that are tried before the others. Of one that is among the others too, those know the credentials that were not
   * handed over.
   */
  beside(others: readonly Skill[]): readonly Skill[] {
    const tried = [...this.taken.values()].filter(({ until }) => until > this.now()).map(({ skill }) => skill);
    const twinOf = (id: string): Skill | undefined => others.find(({ clientId }) => clientId === id);
    return [
      ...tried.map((skill) => ({ ...twinOf(skill.clientId), ...skill })),
      ...others.filter(({ clientId }) => !tried.some((skill) => skill.clientId === clientId)),
    ];
  }
}
