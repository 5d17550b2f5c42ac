import { z } from 'zod';

const target = z.enum([
  'upstream.discovery',
  'upstream.jwks',
  'upstream.authorize',
  'upstream.login',
  'upstream.token',
  'upstream.userinfo',
  'upstream.revoke',
]);

const common = { target, times: z.int().min(1).optional() };

/** One switched fault; without `times` it stays until it is cleared. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('delay'), value: z.number().min(0).max(600_000) }),
  z.strictObject({ ...common, kind: z.literal('hang') }),
  z.strictObject({ ...common, kind: z.literal('status'), value: z.int().min(200).max(599) }),
  z.strictObject({ ...common, kind: z.literal('garbage'), value: z.string().optional() }),
  z.strictObject({ ...common, kind: z.literal('reset') }),
]);

export type FaultTarget = z.infer<typeof target>;
export type Fault = z.infer<typeof faultSchema>;

/** The faults in force; for one target they are used in the order in which they were set. */
export class Faults {
  private faults: Fault[] = [];

  add(fault: Fault): void {
    this.faults.push(fault);
  }

  clear(): void {
    this.faults = [];
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
