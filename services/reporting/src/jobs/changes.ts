import type { ReportBody } from '@beacontower/contracts';
import { appendLog, type Transaction } from '@beacontower/database';

/** Tells the ordered log, and by it whoever follows the live events, that a report came on. */
export async function tellReport(tx: Transaction, body: ReportBody, now: number): Promise<void> {
  await appendLog(tx, [{ kind: 'report', subject: body.report, body, eventAt: now }], now);
}
