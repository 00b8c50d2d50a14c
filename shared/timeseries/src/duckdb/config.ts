import { DEFAULT_RETENTION, type Retention } from '../port.ts';

/** What a DuckDB store may use, and how long it keeps what. */
export interface DuckDbConfig {
  /** Absolute path; made when it is not there. */
  readonly directory: string;
  /** Memory DuckDB may use before it spills to `<directory>/spill`. */
  readonly memoryLimitMb: number;
  readonly threads: number;
  readonly retention: Retention;
}

export const DEFAULTS = { memoryLimitMb: 512, threads: 2, retention: DEFAULT_RETENTION } as const;
