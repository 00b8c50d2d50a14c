import { waitFor } from '@beacontower/testing';
import { line, type Measurement } from './measurement.ts';
import { count, parse } from './options.ts';
import { behind, GATE, lone } from './storm-data.ts';
import { type StormNode, startStormNode } from './storm-node.ts';

/** What the issue promises: seconds from the moment the last object is down (they go within one round of 10 s) until all is told. */
export const GOALS = { goDownS: 10, settledS: 30 } as const;
/** The faults of their own come one after the other within this time, s. */
const SPREAD_S = 60;

interface Size {
  readonly behind: number;
  readonly lone: number;
}

/** What the record and the receivers hold at one moment. */
interface Moment {
  readonly down: number;
  readonly members: number;
  readonly pending: number;
  readonly untold: number;
  readonly open: number;
}

/** 100,000 objects behind one cut, and back; then 1,000 faults of their own in a minute, and back. Rejects when a promise is not kept. */
export async function measure(size: Size = { behind: 100_000, lone: 1_000 }): Promise<readonly Measurement[]> {
  const node = await startStormNode(size);
  try {
    const total = size.behind + size.lone + 1;
    const up = async () =>
      (await one(node, `SELECT count(*) AS n FROM current_states WHERE subject_kind = 'object' AND state = 'up'`)) === total;
    await waitFor(up, { timeoutMs: 180_000, intervalMs: 500, what: 'everything to be up' });
    await waitFor(async () => (await momentOf(node)).untold === 0, { timeoutMs: 60_000, what: 'the log to be read' });
    const figures = [...(await measureCut(node, size)), ...(await measureFaults(node, size))];
    const faults = faultsOf(figures, size);
    if (faults.length > 0) throw new Error(`${figures.map(line).join('\n')}\n${faults.join('\n')}`);
    return figures;
  } finally {
    await node.stop();
  }
}

async function measureCut(node: StormNode, { behind: count }: Size): Promise<Measurement[]> {
  const all = new Set([GATE, ...Array.from({ length: count }, (_, n) => behind(n))]);
  const cut = await watch(node, all, (moment) => moment.down === count + 1 && moment.members === count + 1);
  const lost = messagesOf(node);
  const incidents = await one(node, 'SELECT count(*) AS n FROM incidents');
  const blast = (await one(node, `SELECT (blast -> 'lost' ->> 'objects')::int AS n FROM incidents`)) ?? 0;
  const back = await watch(node, new Set(), (moment) => moment.down === 0 && moment.members === 0 && moment.open === 0);
  return [
    ...timesOf('cut', cut),
    figure('cut.incidents', incidents, 'incidents'),
    figure('cut.blast', blast, 'objects'),
    figure('cut.messages', lost, 'messages'),
    ...timesOf('back', back),
    figure('back.incidents', await one(node, 'SELECT count(*) AS n FROM incidents'), 'incidents'),
    figure('back.messages', messagesOf(node), 'messages'),
  ];
}

async function measureFaults(node: StormNode, { lone: count }: Size): Promise<Measurement[]> {
  const silent = new Set<string>();
  clearReceived(node);
  for (let second = 0; second < SPREAD_S; second++) {
    for (let n = silent.size; n < ((second + 1) * count) / SPREAD_S; n++) silent.add(lone(n));
    await node.silence(silent);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  const faults = await watch(node, silent, (moment) => moment.down === count && moment.open === count, false);
  const told = await toldOf(node, 'opened');
  const mails = node.mail.received.length;
  const back = await watch(node, new Set(), (moment) => moment.down === 0 && moment.open === 0);
  return [
    ...timesOf('faults', faults),
    figure('faults.incidents', await one(node, `SELECT count(*) AS n FROM incidents WHERE cause_object LIKE 'storm:l%'`), 'incidents'),
    figure('faults.told', told, 'incidents'),
    figure('faults.mails', mails, 'messages'),
    ...timesOf('mended', back),
    figure('mended.told', await toldOf(node, 'resolved'), 'incidents'),
    figure('mended.mails', node.mail.received.length, 'messages'),
  ];
}

interface Watched {
  /** Seconds from the change until the last object was known to have changed, and until everything was settled and told. */
  readonly knownS: number;
  readonly settledS: number;
  /** Seconds until the first message; NaN when none came. */
  readonly firstS: number;
  /** CPU seconds of every process of the node meanwhile, two of which are one second of two cores. */
  readonly cpuS: number;
}

/** Makes the objects silent, waits until all is settled, and says how long that took. */
async function watch(node: StormNode, silent: ReadonlySet<string>, done: (moment: Moment) => boolean, clear = true): Promise<Watched> {
  const begun = Date.now();
  const before = node.cpu();
  if (clear) clearReceived(node);
  await node.silence(silent);
  let known = Number.NaN;
  const settled = async () => {
    const moment = await momentOf(node);
    const at = (Date.now() - begun) / 1_000;
    if (process.env.STORM_TRACE) process.stderr.write(`${at.toFixed(1)} s ${JSON.stringify(moment)}\n`);
    if (Number.isNaN(known) && moment.down === silent.size) known = at;
    return done(moment) && moment.pending === 0 && moment.untold === 0;
  };
  await waitFor(settled, { timeoutMs: 300_000, intervalMs: 1_000, what: 'the storm to settle' });
  const first = Math.min(...[...node.mail.received, ...node.webhook.received].map(({ at }) => at).filter((at) => at >= begun));
  const settledS = (Date.now() - begun) / 1_000;
  const used = Object.entries(node.cpu()).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)] as const);
  if (process.env.STORM_TRACE) process.stderr.write(`${used.map(([name, seconds]) => `${name} ${seconds.toFixed(1)} CPU s`).join(', ')}\n`);
  // Whatever would come too much has time to come.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return { knownS: known, settledS, firstS: (first - begun) / 1_000, cpuS: used.reduce((sum, [, seconds]) => sum + seconds, 0) };
}

function clearReceived({ mail, webhook }: StormNode): void {
  mail.clear();
  webhook.clear();
}

async function momentOf(node: StormNode): Promise<Moment> {
  const result = await node.database.query<{ [K in keyof Moment]: number }>(
    `SELECT (SELECT count(*) FROM current_states WHERE subject_kind = 'object' AND state = 'down') AS down,
       (SELECT count(*) FROM incident_members m JOIN incidents n ON n.id = m.incident_id WHERE n.cause_object = $2 AND m.left_at IS NULL) AS members,
       (SELECT count(*) FROM correlation_pending) AS pending,
       (SELECT count(*) FROM log WHERE sequence IS NULL) + (SELECT count(*) FROM notices WHERE taken_at IS NULL AND due_at <= $1)
         + (SELECT count(*) FROM deliveries WHERE state IN ('waiting', 'pending', 'sending', 'retrying')) AS untold,
       (SELECT count(*) FROM incidents WHERE state IN ('open', 'acknowledged')) AS open`,
    [Date.now(), GATE],
  );
  const [moment] = result.rows;
  if (!moment) throw new Error('the record said nothing');
  return moment;
}

async function one(node: StormNode, sql: string): Promise<number> {
  return (await node.database.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
}

/** Incidents of which each contact was told this step and got it. */
function toldOf(node: StormNode, step: string): Promise<number> {
  return one(
    node,
    `SELECT count(*) AS n FROM (SELECT d.incident_id FROM deliveries d JOIN incidents i ON i.id = d.incident_id
       WHERE d.step = '${step}' AND d.state = 'delivered' AND i.cause_object LIKE 'storm:l%' GROUP BY d.incident_id
       HAVING count(DISTINCT d.contact) = 2 AND count(*) = 2) AS whole`,
  );
}

/** The most messages one contact got. */
function messagesOf(node: StormNode): number {
  return Math.max(node.mail.received.length, node.webhook.received.length);
}

function timesOf(what: string, { knownS, settledS, firstS, cpuS }: Watched): Measurement[] {
  const times = { known: knownS, first: firstS, settled: settledS };
  return [...Object.entries(times).map(([name, value]) => figure(`${what}.${name}`, value, 's')), figure(`${what}.cpu`, cpuS, 'CPU s')];
}

function figure(name: string, value: number, unit: string): Measurement {
  return { name: `storm.${name}`, value, unit, peer: null, peerValue: null };
}

/** Which of the promises were not kept, in words. */
function faultsOf(figures: readonly Measurement[], size: Size): string[] {
  const value = (name: string) => figures.find((one) => one.name === `storm.${name}`)?.value ?? Number.NaN;
  const exactly = (name: string, wanted: number) => (value(name) === wanted ? [] : [`${name} is ${value(name)}, not ${wanted}`]);
  const within = (name: string, limit: number) => (value(name) <= limit ? [] : [`${name} is ${value(name)} s, more than ${limit} s`]);
  return [
    ...exactly('cut.incidents', 1),
    ...exactly('cut.blast', size.behind + 1),
    ...exactly('cut.messages', 1),
    ...within('cut.settled', GOALS.goDownS + GOALS.settledS),
    ...exactly('back.incidents', 1),
    ...exactly('back.messages', 1),
    ...within('back.settled', GOALS.goDownS + GOALS.settledS),
    ...exactly('faults.incidents', size.lone),
    ...exactly('faults.told', size.lone),
    ...exactly('mended.told', size.lone),
    ...(value('faults.mails') <= Math.max(30, size.lone / 10) ? [] : [`${value('faults.mails')} mails for ${size.lone} faults`]),
  ];
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const options = { behind: { type: 'string', default: '100000' }, lone: { type: 'string', default: '1000' } } as const;
  const { values } = parse({ options });
  const size = { behind: count('behind', values.behind), lone: count('lone', values.lone) };
  for (const each of await measure(size)) process.stdout.write(`${line(each)}\n`);
}
