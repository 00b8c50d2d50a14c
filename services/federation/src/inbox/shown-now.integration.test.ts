import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lineOf, type SpeakingNode } from './speaking.fixture.ts';
import { LATER, NOW, startTelling, type Telling } from './telling.fixture.ts';

describe('what a node that is far behind says of this moment', () => {
  let telling: Telling;
  beforeAll(async () => {
    telling = await startTelling();
  });
  afterEach(() => telling.rest());
  afterAll(() => telling.stop());

  /** The changes of the present that followers of the log are told of, in their order. */
  const shownOf = async (object: string) =>
    (await telling.rows("SELECT body -> 'shown' AS shown FROM log WHERE kind = 'revised' AND subject = $1 ORDER BY id", [object])).flatMap(
      ({ shown }) => (shown === null ? [] : [shown]),
    );
  const says = async (node: SpeakingNode, state: 'up' | 'down', since: number, log: number) => {
    const { status } = await node.snapshot({ log, states: [[`${node.node}:a`, state, since, 'no-reply']] });
    expect(status).toBe(200);
  };

  test('is told at once, once for each change of state, and what the log says when it has caught up', async () => {
    const { node, a } = await telling.begun();
    const far = 2_000;
    await says(node, 'down', LATER, far);
    expect(await shownOf(a)).toEqual([{ from: 'unknown', to: 'down', reason: 'no-reply' }]);
    // Down since another moment: no other state.
    await says(node, 'down', LATER + 5, far);
    await says(node, 'up', LATER + 10, far);
    expect((await shownOf(a)).slice(1)).toEqual([{ from: 'down', to: 'up', reason: 'no-reply' }]);
    const change = (n: number) => lineOf.change(a, n % 2 === 0 ? 'up' : 'down', n % 2 === 0 ? 'down' : 'up', NOW + n);
    node.say(lineOf.change(a, 'unknown', 'up', NOW), ...Array.from({ length: far }, (_, n) => change(n)));
    node.say(lineOf.change(a, 'up', 'down', LATER + 20));
    expect((await node.logAll()).status).toBe(200);
    expect(await telling.present(a)).toBe('down');
    expect((await shownOf(a)).slice(2)).toEqual([{ from: 'up', to: 'down', reason: 'no-reply' }]);
  });
});
