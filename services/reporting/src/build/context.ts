import type { ReportOrder } from '@beacontower/contracts';
import type { Database } from '@beacontower/database';
import type { NameBook } from './names.ts';

/** What every part of a report is built with. */
export interface BuildContext {
  readonly database: Database;
  readonly order: ReportOrder;
  readonly names: NameBook;
  /** Epoch ms: what is known at this moment is reported. */
  readonly now: number;
  /** Told what is being done, and how far the whole is (0 to 1). Rejects when the report is no longer wanted. */
  readonly tell: (step: string, done: number) => Promise<void>;
}
