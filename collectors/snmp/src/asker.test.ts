import { createRegistry } from '@beacontower/runtime';
import { describe, expect, it } from 'vitest';
import { Asker, type AskerOptions } from './asker.ts';
import { OIDS } from './columns.ts';
import { Gate } from './gate.ts';
import { createMetrics } from './metrics.ts';
import type { Conversation, Failed, Failure, GetAnswer } from './wire/port.ts';

/** An agent that fails as told, then answers; time passes only by its time-outs. */
class ScriptedAgent {
  now = 1_000;
  readonly timeouts: number[] = [];
  readonly #script: Failure[];
  constructor(...script: Failure[]) {
    this.#script = script;
  }

  asker(more: Partial<AskerOptions> = {}): Asker {
    const monotonic = () => this.now;
    const get = async (_: unknown, { timeoutMs }: { timeoutMs: number }): Promise<GetAnswer | Failed> => {
      const sentAt = this.now;
      this.timeouts.push(timeoutMs);
      const failure = this.#script.shift();
      this.now += failure === 'timeout' ? timeoutMs : 10;
      if (failure) return { ok: false, failure, text: '', index: null, sentAt, endedAt: this.now };
      return { ok: true, sentAt, receivedAt: this.now, release: () => undefined } as GetAnswer;
    };
    const unasked = () => Promise.reject(new Error('not asked here'));
    const conversation: Conversation = { get, bulk: unasked, list: unasked, end: () => undefined };
    return new Asker({
      conversation,
      gate: new Gate({ capacity: 1, holdMs: 1_000, monotonic }),
      metrics: createMetrics(createRegistry({}, false)),
      monotonic,
      timeoutMs: 100,
      retries: 2,
      deadline: 10_000,
      leastMs: 100,
      ...more,
    });
  }
}

describe('asking', () => {
  it('asks again with growing patience, and keeps when what showed', async () => {
    const agent = new ScriptedAgent('timeout', 'timeout');
    const asker = agent.asker();
    expect((await asker.get([OIDS.sysUpTime])).ok).toBe(true);
    expect(agent.timeouts).toEqual([100, 150, 225]);
    expect(asker.evidence).toEqual({
      firstAnswerBy: 1_260,
      lastAnsweredFrom: 1_250,
      firstFailureBy: 1_100,
      firstFailureFrom: 1_000,
      lastFailureFrom: 1_100,
    });
  });

  it('gives up after the last attempt: the silence lasted from the first time-out to the last question', async () => {
    const agent = new ScriptedAgent('timeout', 'timeout', 'timeout');
    const asker = agent.asker();
    expect(await asker.get([OIDS.sysUpTime])).toMatchObject({ ok: false, failure: 'timeout' });
    expect(asker.answered).toBe(false);
    expect(asker.evidence).toMatchObject({ firstFailureBy: 1_100, firstFailureFrom: 1_000, lastFailureFrom: 1_250 });
  });

  it.each(['wrong-key', 'unknown-user', 'gen-err', 'refused', 'too-big', 'stopped'] as const)(
    'does not ask again after %s',
    async (failure) => {
      const agent = new ScriptedAgent(failure);
      expect(await agent.asker().get([OIDS.sysUpTime])).toMatchObject({ failure });
      expect(agent.timeouts).toHaveLength(1);
    },
  );

  it('asks who was silent once, and waits as long as for a last attempt', async () => {
    const agent = new ScriptedAgent('timeout');
    await agent.asker().getOnce([OIDS.sysUpTime]);
    expect(agent.timeouts).toEqual([225]);
  });

  it('does not ask again with less time than a question needs', async () => {
    const agent = new ScriptedAgent('timeout', 'timeout');
    expect(await agent.asker({ deadline: 1_150 }).get([OIDS.sysUpTime])).toMatchObject({ failure: 'timeout' });
    expect(agent.timeouts).toEqual([100]);
  });

  it('says nothing of a device that it had no time to ask', async () => {
    const agent = new ScriptedAgent();
    expect(await agent.asker({ deadline: 1_050 }).get([OIDS.sysUpTime])).toMatchObject({ failure: 'stopped' });
    expect(agent.timeouts).toEqual([]);
  });

  it('calls a device slow that used up its time itself', async () => {
    const agent = new ScriptedAgent();
    const asker = agent.asker({ deadline: 2_000 });
    await asker.get([OIDS.sysUpTime]);
    agent.now = 1_950;
    expect(await asker.get([OIDS.sysUpTime])).toMatchObject({ failure: 'timeout' });
    expect(asker.answered).toBe(true);
  });
});
