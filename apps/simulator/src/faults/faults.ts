import { z } from 'zod';
import { faultTargets, type FaultProvider, type FaultTarget } from './targets.js';

const common = { target: z.enum(faultTargets), times: z.int().min(1).optional() };

/** What a garbled answer looks like; the last two spoil the true answer, so the request has been carried out. */
const garbage = z.enum(['html', 'large', 'truncated', 'wrong-type']);

const anyFault = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('delay'), value: z.number().min(0).max(600_000) }),
  z.strictObject({ ...common, kind: z.literal('hang') }),
  z.strictObject({
    ...common,
    kind: z.literal('status'),
    value: z.int().min(200).max(599),
    /** Seconds, for the Retry-After header. */
    retryAfter: z.int().min(0).max(86_400).optional(),
  }),
  z.strictObject({ ...common, kind: z.literal('garbage'), value: z.string().optional(), as: garbage.optional() }),
  z.strictObject({ ...common, kind: z.literal('reset') }),
  z.strictObject({ ...common, kind: z.literal('reset-after-processing') }),
  /** Seconds by which the provider's clock is ahead (or behind) while it answers. */
  z.strictObject({ ...common, kind: z.literal('clock-skew'), value: z.int().min(-100_000_000).max(100_000_000) }),
]);

/** One switched fault; without `times` it stays until it is cleared. */
export const faultSchema = anyFault.refine(
  ({ target, kind }) => kind !== 'clock-skew' || !/^(?:upstream|lwa)\./.test(target),
  { path: ['kind'], message: 'only a model can have a clock of its own' },
);

export type Fault = z.infer<typeof anyFault>;

/** The faults in force; for one target they are used in the order in which they were set. */
export class Faults {
  private faults: Fault[] = [];

  /** @throws ZodError for a fault that cannot be */
  add(fault: Fault): void {
    this.faults.push(faultSchema.parse(fault));
  }

  /** Clears all faults, or those of one provider. */
  clear(provider?: FaultProvider): void {
    this.faults = provider === undefined ? [] : this.faults.filter(({ target }) => !target.startsWith(`${provider}.`));
  }

  list(): readonly Fault[] {
    return this.faults;
  }

  /** The fault for this request, counted down. */
  next(name: FaultTarget): Fault | undefined {
    const index = this.faults.findIndex((fault) => fault.target === name);
    const fault = this.faults[index];
    if (!fault) return undefined;
    if (fault.times !== undefined) {
      if (fault.times <= 1) this.faults.splice(index, 1);
      else this.faults[index] = { ...fault, times: fault.times - 1 };
    }
    return fault;
  }
}
