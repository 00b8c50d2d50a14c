import type { State } from '@beacontower/domain';

/** An object beside the one shown, as far as it is known. */
export interface Related {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly kind: string | null;
  readonly state: State | null;
  readonly since: string | null;
  readonly maintenance: boolean;
  readonly quiet: boolean;
  /** It may not be seen. */
  readonly hidden?: boolean;
}

const ORDER: readonly (State | null)[] = ['down', 'degraded', 'unknown', 'up', null];

/** In trouble first; of the same state by name, numbers by their value. */
export function worstFirst<T extends Related>(items: readonly T[]): T[] {
  return [...items].sort(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.name.localeCompare(b.name, 'zh-CN', { numeric: true }),
  );
}
