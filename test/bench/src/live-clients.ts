import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { appendLog, type Database, dispatchLog, hashToken } from '@beacontower/database';
import { type ConsoleGround, endChild, forkBench, startConsoleGround } from './console-ground.ts';
import type { ReadersReport } from './live-readers.ts';
import type { Measurement } from './measurement.ts';

/** What the issue asks for: an event is with every client within a second, for less than one core. */
const GOALS = { latencyMs: 1_000, cores: 1 } as const;
const CLIENTS = 1_000;
const PROVINCES = 32;
const OBJECTS = 3_200;
/** Every third client sees one province alone. */
const NATIONAL_OF_THREE = 2;

/** Clients of live events, each with a token of its own, in a second process: quiet, with changes one by one, and with a storm. */
export async function measure(): Promise<readonly Measurement[]> {
  const tokens = Array.from({ length: CLIENTS }, () => randomBytes(16).toString('hex'));
  const ground = await startConsoleGround((database) => fill(database, tokens));
  const readers = forkBench('live-readers.ts', [ground.url]);
  try {
    const begun = performance.now();
    await ask(readers, { open: tokens }, 'open');
    const opened = (performance.now() - begun) / 1_000;
    const phases = [
      await phase(ground, readers, 'idle', 30, async () => sleep(30_000)),
      await phase(ground, readers, 'steady10', 20, () => steadily(ground.database, 10, 20)),
      await phase(ground, readers, 'steady100', 10, () => steadily(ground.database, 100, 10)),
      await phase(ground, readers, 'storm1000', 1, () => happen(ground.database, 1_000)),
    ];
    return [figure('open', opened, 's for all'), ...phases.flatMap((each) => each.figures), ...judged(phases)];
  } finally {
    await endChild(readers);
    await ground.stop();
  }
}

interface Phase {
  readonly name: string;
  readonly report: ReadersReport;
  readonly cores: number;
  readonly expected: number;
  readonly figures: readonly Measurement[];
}

async function phase(
  ground: ConsoleGround,
  readers: ChildProcess,
  name: string,
  _seconds: number,
  act: () => Promise<number | undefined>,
): Promise<Phase> {
  await ask<ReadersReport>(readers, 'report');
  const [cpu, begun] = [ground.cpu(), performance.now()];
  const happened = (await act()) ?? 0;
  // Of the provincial clients each is told a thirty-second part.
  const expected = Math.round(happened * (Math.ceil((CLIENTS * NATIONAL_OF_THREE) / 3) + CLIENTS / 3 / PROVINCES));
  await sleep(1_000);
  const report = await ask<ReadersReport>(readers, 'report');
  const cores = (ground.cpu() - cpu) / ((performance.now() - begun) / 1_000);
  const figures = [
    figure(`${name}.cores`, cores, 'cores'),
    ...(happened === 0
      ? []
      : [figure(`${name}.p50`, report.p50, 'ms'), figure(`${name}.p99`, report.p99, 'ms'), figure(`${name}.max`, report.max, 'ms')]),
  ];
  return { name, report, cores, expected, figures };
}

function judged(phases: readonly Phase[]): Measurement[] {
  const faults = phases.flatMap(({ name, report, cores, expected }) => [
    ...(report.lost === 0 && report.resyncs === 0
      ? []
      : [`${name}: ${report.lost} clients were cut off, ${report.resyncs} told to read again`]),
    ...(report.events >= expected * 0.98 ? [] : [`${name}: ${report.events} events came of ${expected}`]),
    ...(report.events === 0 || report.p99 < GOALS.latencyMs ? [] : [`${name}: p99 ${report.p99} ms, not under ${GOALS.latencyMs}`]),
    ...(cores < GOALS.cores || name.startsWith('storm') ? [] : [`${name}: ${cores.toFixed(2)} cores, not under ${GOALS.cores}`]),
  ]);
  if (faults.length > 0)
    throw new Error(
      `${phases.flatMap(({ figures }) => figures.map((each) => `${each.name} ${each.value.toFixed(2)} ${each.unit}`)).join('\n')}\n${faults.join('\n')}`,
    );
  return [
    figure(
      'delivered',
      phases.reduce((sum, { report }) => sum + report.events, 0),
      'events',
    ),
  ];
}

async function steadily(database: Database, aSecond: number, seconds: number): Promise<number> {
  const begun = performance.now();
  for (let done = 0; done < aSecond * seconds; done++) {
    await happen(database, 1, done);
    await sleep(Math.max(0, begun + ((done + 1) * 1_000) / aSecond - performance.now()));
  }
  return aSecond * seconds;
}

/** Changes of state, written, given their sequence and committed at once. */
async function happen(database: Database, count: number, first = 0): Promise<number> {
  await database.transaction(async (tx) => {
    const now = Date.now();
    const entries = Array.from({ length: count }, (_, n) => {
      const object = `bench:o${(first + n) % OBJECTS}`;
      const edge = { at: now, earliest: now - 5_000, latest: now };
      const body = { transition: 1, object, check: null, from: 'up', to: 'down', ...edge, reason: 'no-reply', decidedAt: now } as const;
      return { kind: 'state' as const, subject: object, body, eventAt: now };
    });
    await appendLog(tx, entries, Date.now());
    await dispatchLog(tx, count);
  });
  return count;
}

async function fill(database: Database, tokens: readonly string[]): Promise<void> {
  await database.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by)
     SELECT 'object', 'bench:o' || n, 'file', jsonb_build_object('id', 'bench:o' || n, 'division', 'cn.p' || n % $2, 'name', 'o' || n), 0, 0, 'bench'
     FROM generate_series(0, $1::int - 1) AS n`,
    [OBJECTS, PROVINCES],
  );
  await database.query(
    `INSERT INTO api_tokens (id, name, hash, roles, divisions, created_at, created_by)
     SELECT gen_random_uuid(), 'bench', hash, '{viewer}', CASE WHEN n % 3 < $3 THEN ARRAY[''] ELSE ARRAY['cn.p' || n % $2] END, 0, 'bench'
     FROM unnest($1::bytea[]) WITH ORDINALITY AS t (hash, n)`,
    [tokens.map(hashToken), PROVINCES, NATIONAL_OF_THREE],
  );
}

async function ask<T>(child: ChildProcess, question: unknown, expected?: string): Promise<T> {
  const answered = once(child, 'message');
  child.send(question as never);
  const [answer] = (await answered) as [T];
  if (expected !== undefined && answer !== expected) throw new Error(`the clients say ${String(answer)}`);
  return answer;
}

function figure(name: string, value: number, unit: string): Measurement {
  return { name: `liveClients.${CLIENTS}.${name}`, value, unit, peer: null, peerValue: null };
}
