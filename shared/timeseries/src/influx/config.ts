import { DEFAULT_RETENTION, type Retention } from '../port.ts';

/** Where an InfluxDB is, and how it is asked. */
export interface InfluxConfig {
  /** Such as `http://influx.example:8086`; without credentials. */
  readonly url: string;
  /** The database; on 2.x the name of a bucket that a DBRP mapping gives the same name. */
  readonly database: string;
  /** The organisation of 2.x. */
  readonly org: string;
  /** 2.x, 3.x; null when a user and a password are given, or nothing is asked for. */
  readonly token: string | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly timeoutMs: number;
  readonly retention: Retention;
}

export const DEFAULTS = {
  database: 'beacontower',
  org: '',
  token: null,
  user: null,
  password: null,
  timeoutMs: 20_000,
  retention: DEFAULT_RETENTION,
} as const;
