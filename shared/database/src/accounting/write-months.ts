/** Accounts of a month written for some objects at once: one short step, so that nobody who records waits long. */
import { type Account, addAccounts, EMPTY_ACCOUNT } from '@beacontower/domain';
import type { Database, Transaction } from '../pool.ts';
import { ACCOUNT_COLUMN_NAMES, ACCOUNT_COLUMNS, accountFrom } from './columns.ts';
import { readFacts } from './facts.ts';
import { ACCOUNTING_LOCK } from './forget.ts';
import type { Judged } from './judged.ts';
import { accountMonth, type DayAccount, type MonthAddition } from './month-account.ts';
import type { AccountedMonth } from './months.ts';
import type { Scheme } from './schemes.ts';

/** What a step came to. `busy`: somebody is recording something about the past; to be tried again. */
export type StepResult = { readonly state: 'done'; readonly days: number; readonly rows: number } | { readonly state: 'busy' };

interface StoredMonth {
  readonly days: number;
  readonly experienced: Account;
  readonly responsible: Account | null;
}

interface WrittenMonth {
  readonly key: number;
  readonly stored: StoredMonth | undefined;
  readonly addition: MonthAddition;
}

/**
 * Accounts the days of a month that end by `until` for some objects. Alone with the record: what is recorded at this very moment is
 * either read here or takes away what is written here.
 */
export function accountObjects(
  db: Database,
  scheme: Scheme,
  month: AccountedMonth,
  objects: readonly string[],
  { until, judged, now }: { readonly until: number; readonly judged: Judged; readonly now: number },
): Promise<StepResult> {
  return db.transaction(async (tx) => {
    const lock = await tx.query<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS held', [ACCOUNTING_LOCK]);
    if (lock.rows[0]?.held !== true) return { state: 'busy' };
    const keys = await ensureKeys(tx, objects);
    const stored = await readStored(tx, scheme, month, [...keys.values()]);
    const facts = await readFacts(tx, objects, { from: month.from, to: Math.min(month.to, until) }, judged);
    const written: WrittenMonth[] = [];
    for (const [id, one] of facts) {
      const key = keys.get(id);
      if (key === undefined) continue;
      const known = stored.get(key);
      const addition = accountMonth(one, month, known?.days ?? 0, until);
      if (addition.bits !== 0) written.push({ key, stored: known, addition });
    }
    await tx.query('UPDATE accounting_schemes SET written_until = $2 WHERE scheme = $1 AND written_until < $2', [
      scheme.experienced,
      until,
    ]);
    await writeMonths(tx, scheme, month, written, now);
    await writeDays(tx, scheme.experienced, written, (each) => each.days);
    await writeDays(tx, scheme.responsible, written, (each) => each.responsibleDays);
    return { state: 'done', days: written.reduce((sum, each) => sum + bitCount(each.addition.bits), 0), rows: written.length };
  });
}

async function ensureKeys(tx: Transaction, objects: readonly string[]): Promise<Map<string, number>> {
  await tx.query(
    `INSERT INTO object_keys (id) SELECT id FROM unnest($1::text[]) AS n (id)
     WHERE NOT EXISTS (SELECT FROM object_keys k WHERE k.id = n.id) ORDER BY id ON CONFLICT DO NOTHING`,
    [objects],
  );
  const { rows } = await tx.query<{ id: string; key: number }>('SELECT id, key FROM object_keys WHERE id = ANY ($1)', [objects]);
  return new Map(rows.map((row) => [row.id, row.key]));
}

/** What is there already. Rows of another state of the calendar go. */
async function readStored(
  tx: Transaction,
  scheme: Scheme,
  month: AccountedMonth,
  keys: readonly number[],
): Promise<Map<number, StoredMonth>> {
  const schemes = [scheme.experienced, scheme.responsible];
  await tx.query(
    `WITH stale AS (DELETE FROM accounting_months WHERE scheme = ANY ($1) AND month = $2 AND object = ANY ($3) AND calendar_hash <> $4 RETURNING scheme, object)
     DELETE FROM accounting_days d USING stale s WHERE d.scheme = s.scheme AND d.object = s.object AND d.day BETWEEN $5::date AND $6::date`,
    [schemes, month.month, keys, month.hash, month.days[0]?.day, month.days.at(-1)?.day],
  );
  const { rows } = await tx.query<{ scheme: number; object: number; days: number; account: number[] }>(
    `SELECT scheme, object, days, ARRAY[${ACCOUNT_COLUMN_NAMES}]::float8[] AS account FROM accounting_months
     WHERE scheme = ANY ($1) AND month = $2 AND object = ANY ($3) ORDER BY scheme`,
    [schemes, month.month, keys],
  );
  const found = new Map<number, StoredMonth>();
  for (const row of rows.filter((each) => each.scheme === scheme.experienced)) {
    found.set(row.object, { days: row.days, experienced: accountFrom(row.account), responsible: null });
  }
  for (const row of rows.filter((each) => each.scheme === scheme.responsible)) {
    const one = found.get(row.object);
    if (one !== undefined) found.set(row.object, { ...one, responsible: accountFrom(row.account) });
  }
  return found;
}

interface MonthRow {
  readonly scheme: number;
  readonly key: number;
  readonly days: number;
  readonly account: Account;
}

function rowsOf(scheme: Scheme, { key, stored, addition }: WrittenMonth): MonthRow[] {
  const days = (stored?.days ?? 0) | addition.bits;
  const experienced = addAccounts(stored?.experienced ?? EMPTY_ACCOUNT, addition.experienced);
  const own = { scheme: scheme.experienced, key, days, account: experienced };
  const before = stored?.responsible ?? null;
  if (before === null && addition.difference === null) return [own];
  const base = addAccounts(before ?? stored?.experienced ?? EMPTY_ACCOUNT, addition.experienced);
  const responsible = addAccounts(base, addition.difference ?? EMPTY_ACCOUNT);
  return [own, { scheme: scheme.responsible, key, days, account: responsible }];
}

async function writeMonths(
  tx: Transaction,
  scheme: Scheme,
  month: AccountedMonth,
  written: readonly WrittenMonth[],
  now: number,
): Promise<void> {
  const rows = written.flatMap((each) => rowsOf(scheme, each));
  if (rows.length === 0) return;
  const arrays = ACCOUNT_COLUMNS.map((_, index) => `$${index + 7}::bigint[]`).join(', ');
  const updates = ACCOUNT_COLUMNS.map(([column]) => `${column} = excluded.${column}`).join(', ');
  await tx.query(
    `INSERT INTO accounting_months (scheme, month, object, days, calendar_hash, computed_at, ${ACCOUNT_COLUMN_NAMES})
     SELECT scheme, $1, object, days, $2, $3, ${ACCOUNT_COLUMN_NAMES}
     FROM unnest($4::int[], $5::int[], $6::int[], ${arrays}) AS n (scheme, object, days, ${ACCOUNT_COLUMN_NAMES})
     ON CONFLICT (scheme, month, object) DO UPDATE SET days = excluded.days, computed_at = excluded.computed_at, ${updates}`,
    [
      month.month,
      month.hash,
      now,
      rows.map((row) => row.scheme),
      rows.map((row) => row.key),
      rows.map((row) => row.days),
      ...ACCOUNT_COLUMNS.map(([, field]) => rows.map((row) => row.account[field])),
    ],
  );
}

async function writeDays(
  tx: Transaction,
  scheme: number,
  written: readonly WrittenMonth[],
  daysOf: (addition: MonthAddition) => readonly DayAccount[],
): Promise<void> {
  const rows = written.flatMap(({ key, addition }) => daysOf(addition).map((each) => ({ key, ...each })));
  if (rows.length === 0) return;
  const arrays = ACCOUNT_COLUMNS.map((_, index) => `$${index + 4}::int[]`).join(', ');
  const updates = ACCOUNT_COLUMNS.map(([column]) => `${column} = excluded.${column}`).join(', ');
  await tx.query(
    `INSERT INTO accounting_days (scheme, object, day, ${ACCOUNT_COLUMN_NAMES})
     SELECT $1, object, day, ${ACCOUNT_COLUMN_NAMES} FROM unnest($2::int[], $3::date[], ${arrays}) AS n (object, day, ${ACCOUNT_COLUMN_NAMES})
     ON CONFLICT (scheme, object, day) DO UPDATE SET ${updates}`,
    [
      scheme,
      rows.map((row) => row.key),
      rows.map((row) => row.day),
      ...ACCOUNT_COLUMNS.map(([, field]) => rows.map((row) => row.account[field])),
    ],
  );
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
