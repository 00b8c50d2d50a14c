import { createRegistry } from '@beacontower/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Asker } from './asker.ts';
import { COUNTER_SOURCES } from './columns.ts';
import { Gate } from './gate.ts';
import { createMetrics } from './metrics.ts';
import { Pace } from './pace.ts';
import { walk } from './walk.ts';
import { type BulkAnswer, type BulkRequest, type Conversation, END, type Failed } from './wire/port.ts';

const COLUMNS = COUNTER_SOURCES.slice(0, 4).map(({ narrow }) => narrow);
const asked = { address: '192.0.2.1', port: 161, version: '2c', reading: 'the interface table' } as const;

/** What an agent does with one question: answers so many cells, says tooBig, or is silent. */
type Mood = number | 'too-big' | 'timeout';

/** An agent with these rows (by column), in these moods one after the other and then in good ones. */
class MoodyAgent {
  readonly #rows: readonly (readonly number[])[];
  readonly #moods: Mood[];
  /** Cells above which every question is too big. */
  tooBigAbove = Number.POSITIVE_INFINITY;
  uptime = 100;
  questions = 0;

  constructor(rows: readonly (readonly number[])[], moods: readonly Mood[] = []) {
    this.#rows = rows;
    this.#moods = [...moods];
  }

  async bulk({ columns, maxRepetitions }: BulkRequest): Promise<BulkAnswer | Failed> {
    this.questions++;
    const isTooBig = columns.length * maxRepetitions > this.tooBigAbove;
    const mood = isTooBig ? 'too-big' : (this.#moods.shift() ?? Number.POSITIVE_INFINITY);
    if (typeof mood === 'string') return { ok: false, failure: mood, text: '', index: null, sentAt: 1, endedAt: 2 };
    const cells = { rows: new Uint32Array(columns.length * maxRepetitions), counts: new Uint32Array(columns.length) };
    const ends = new Uint8Array(columns.length);
    let room = mood;
    for (let repetition = 0; repetition < maxRepetitions; repetition++) {
      columns.forEach(({ oid, after }, position) => {
        if (ends[position] !== END.open || room-- <= 0) return;
        const last = repetition === 0 ? after : cells.rows[position * maxRepetitions + repetition - 1];
        const rows = this.#rows[COLUMNS.indexOf(oid)] ?? [];
        const next = rows.find((row) => last === null || last === undefined || row > last);
        if (next === undefined) {
          ends[position] = END.done;
          return;
        }
        cells.rows[position * maxRepetitions + repetition] = next;
        cells.counts[position] = repetition + 1;
      });
    }
    const scalars = { number: () => this.uptime } as unknown as BulkAnswer['scalars'];
    const answer = {
      ok: true,
      sentAt: 1,
      receivedAt: 2,
      stride: maxRepetitions,
      asked: maxRepetitions,
      size: 0,
      truncated: false,
    } as const;
    return { ...answer, ...cells, ends, scalars, cells: scalars, release: () => undefined };
  }
}

function walkOver(agent: MoodyAgent, { expected = null, mostRows = 1_000 }: { expected?: number | null; mostRows?: number } = {}) {
  const unasked = () => Promise.reject(new Error('not asked here'));
  const conversation: Conversation = { get: unasked, list: unasked, bulk: (request) => agent.bulk(request), end: () => undefined };
  const monotonic = () => 0;
  const gate = new Gate({ capacity: 100, holdMs: 1_000, monotonic });
  const metrics = createMetrics(createRegistry({}, false));
  const asker = new Asker({ conversation, gate, metrics, monotonic, timeoutMs: 10, retries: 2, deadline: 1_000, leastMs: 10 });
  const read: number[][] = COLUMNS.map(() => []);
  const walked = walk({
    asker,
    pace: new Pace(),
    columns: COLUMNS,
    scalars: [],
    expected,
    mostRows,
    take: (answer, columns) => {
      for (const [position, column] of columns.entries())
        for (let row = 0; row < (answer.counts[position] ?? 0); row++) read[column]?.push(answer.rows[position * answer.stride + row] ?? 0);
    },
    asked,
  });
  return walked.then((result) => ({ ...result, read }));
}

const ascending = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 60 }).map((rows) => rows.sort((a, b) => a - b));
const range = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('reading a table', () => {
  it('reads every row of every column once, whatever the holes, however little an answer holds', async () => {
    const table = fc.array(ascending, { minLength: 4, maxLength: 4 });
    const moods = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 });
    const optional = fc.option(fc.integer({ min: 0, max: 80 }));
    await fc.assert(
      fc.asyncProperty(table, moods, optional, fc.integer({ min: 1, max: 60 }), async (rows, sizes, expected, tooBigAbove) => {
        const agent = new MoodyAgent(rows, sizes);
        agent.tooBigAbove = tooBigAbove;
        const { whole, read } = await walkOver(agent, { expected });
        expect(whole).toBe(true);
        expect(read).toEqual(rows);
      }),
    );
  });

  it('needs one question for a table whose length it knows, its end included', async () => {
    const rows = COLUMNS.map(() => range(20));
    const agent = new MoodyAgent(rows);
    expect((await walkOver(agent, { expected: 20 })).read).toEqual(rows);
    expect(agent.questions).toBe(1);
  });

  it('ends with what is known so far when the agent falls silent', async () => {
    const silence: Mood[] = ['timeout', 'timeout', 'timeout'];
    const { whole, trouble, read } = await walkOver(
      new MoodyAgent(
        COLUMNS.map(() => range(90)),
        [200, ...silence],
      ),
    );
    expect(whole).toBe(false);
    expect(trouble?.reason).toBe('no-reply');
    expect(read[0]?.length).toBeGreaterThan(0);
  });

  it('ends when an agent says tooBig to a single value, and when it answers nothing at all', async () => {
    const rows = COLUMNS.map(() => range(5));
    const stubborn = await walkOver(
      new MoodyAgent(
        rows,
        Array.from({ length: 50 }, (): Mood => 'too-big'),
      ),
    );
    expect(stubborn.trouble?.reason).toBe('agent-error');
    const empty = await walkOver(
      new MoodyAgent(
        rows,
        Array.from({ length: 50 }, (): Mood => 0),
      ),
    );
    expect(empty.trouble?.reason).toBe('malformed-answer');
  });

  it('ends a table that has more rows than can be', async () => {
    const { trouble } = await walkOver(new MoodyAgent(COLUMNS.map(() => range(400))), { mostRows: 100 });
    expect(trouble?.reason).toBe('table-has-no-end');
  });

  it('notices that the device started again in its midst', async () => {
    const agent = new MoodyAgent(COLUMNS.map(() => range(300)));
    const bulk = agent.bulk.bind(agent);
    agent.uptime = 90_000;
    agent.bulk = async (request) => {
      const answer = await bulk(request);
      if (agent.questions === 2) agent.uptime = 300;
      return answer;
    };
    expect(await walkOver(agent)).toMatchObject({ restarted: true, whole: false });
  });
});
