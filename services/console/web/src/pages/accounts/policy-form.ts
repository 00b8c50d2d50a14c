import type { AccessPolicy, NewAccessPolicy } from '@beacontower/contracts';

/** Fields that are a number, with their bounds as the API has them. */
export const NUMBERS = {
  minLength: [8, 128],
  minClasses: [1, 4],
  history: [0, 24],
  maxAgeDays: [1, 3660],
  oneTimeHours: [1, 720],
  lockAfter: [3, 20],
  lockMinutes: [1, 1440],
  idleMinutes: [1, 1440],
  longestHours: [1, 168],
} as const satisfies Partial<Record<keyof NewAccessPolicy, readonly [number, number]>>;
export type NumberField = keyof typeof NUMBERS;

/** The policy while it is edited: as typed. */
export interface PolicyTyped {
  readonly numbers: Readonly<Record<NumberField, string>>;
  readonly secondFactor: NewAccessPolicy['secondFactor'];
  readonly administrationFrom: string;
}

/** A policy as it is shown in the form. */
export function typedOf(policy: AccessPolicy): PolicyTyped {
  const fields = Object.keys(NUMBERS) as NumberField[];
  return {
    numbers: Object.fromEntries(fields.map((field) => [field, String(policy[field] ?? '')])) as Record<NumberField, string>,
    secondFactor: policy.secondFactor,
    administrationFrom: policy.administrationFrom.join('\n'),
  };
}

/** A typed number within its bounds; undefined when it is none, null where empty means "no limit". */
export function numberOf(field: NumberField, typed: string): number | null | undefined {
  const [least, most] = NUMBERS[field];
  const text = typed.trim();
  if (text === '') return field === 'maxAgeDays' ? null : undefined;
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** What is sent; null while a number is wrong. */
export function policyOf({ numbers, secondFactor, administrationFrom }: PolicyTyped): NewAccessPolicy | null {
  const read = Object.entries(numbers).map(([field, typed]) => [field, numberOf(field as NumberField, typed)] as const);
  if (read.some(([, value]) => value === undefined)) return null;
  const networks = administrationFrom.split(/[\s,;，；]+/u).filter((each) => each !== '');
  return { ...(Object.fromEntries(read) as Pick<NewAccessPolicy, NumberField>), secondFactor, administrationFrom: networks };
}

/** Where a policy asks less than protection level 3 usually does. */
export type Weakness = 'minLength' | 'minClasses' | 'maxAgeDays' | 'lockAfter' | 'idleMinutes' | 'secondFactor';

export function weaknessesOf(policy: NewAccessPolicy): Weakness[] {
  const weak: Record<Weakness, boolean> = {
    minLength: policy.minLength < 8,
    minClasses: policy.minClasses < 3,
    maxAgeDays: policy.maxAgeDays === null || policy.maxAgeDays > 90,
    lockAfter: policy.lockAfter > 10,
    idleMinutes: policy.idleMinutes > 30,
    secondFactor: policy.secondFactor === 'optional',
  };
  return (Object.keys(weak) as Weakness[]).filter((each) => weak[each]);
}
