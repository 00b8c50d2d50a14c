import { describe, expect, it } from 'vitest';
import { audienceOf, TailBatch } from './batch.ts';
import { LiveClient } from './client.ts';
import type { TailEvent } from './events.ts';

/** A sink that takes `room` texts before it blocks. */
class SlowSink {
  readonly texts: string[] = [];
  room: number;
  constructor(room = Number.POSITIVE_INFINITY) {
    this.room = room;
  }
  write(text: string | Uint8Array): boolean {
    this.texts.push(Buffer.from(text).toString());
    return this.texts.length < this.room;
  }
}

const event = (sequence: number, more: Partial<TailEvent> = {}): TailEvent => ({
  sequence,
  type: 'state',
  division: 'cn.gd',
  text: `id: ${sequence}\n\n`,
  named: null,
  ...more,
});

function clientOn(sink: SlowSink, audience = audienceOf([''], null)) {
  const resyncs: string[] = [];
  let told = 0;
  const client = new LiveClient(sink, 0, {
    audience,
    queueLimit: 3,
    onResync: (reason: string) => void resyncs.push(reason),
    onEvents: (count) => {
      told += count;
    },
  });
  const follow = (...events: TailEvent[]) => client.follow(new TailBatch(events));
  return { client, follow, resyncs, told: () => told };
}

describe('LiveClient', () => {
  it('holds what follows until the past was sent, and sends nothing twice', () => {
    const sink = new SlowSink();
    const { client, follow } = clientOn(sink);
    follow(event(2));
    follow(event(3));
    client.replay(event(1));
    client.replay(event(2));
    client.release(2);
    follow(event(3));
    follow(event(4));
    expect(sink.texts).toEqual(['id: 1\n\n', 'id: 2\n\n', 'id: 3\n\n', 'id: 4\n\n']);
  });

  it('drops what a slow client cannot take, and tells it once to read again', () => {
    const sink = new SlowSink(1);
    const { client, follow, resyncs } = clientOn(sink);
    client.release(0);
    for (let sequence = 1; sequence <= 10; sequence++) follow(event(sequence));
    expect(sink.texts).toEqual(['id: 1\n\n']);
    sink.room = Number.POSITIVE_INFINITY;
    client.drained();
    follow(event(11));
    expect(sink.texts.slice(1)).toEqual(['id: 10\nevent: resync\ndata: {"reason":"slow","sequence":10}\n\n', 'id: 11\n\n']);
    expect(resyncs).toEqual(['slow']);
  });

  it('is told only what lies in its scope, of the types it wants', () => {
    const sink = new SlowSink();
    const { client, follow } = clientOn(sink, audienceOf(['cn.gd'], new Set(['state', 'incident'])));
    client.release(0);
    follow(event(1, { division: 'cn.gx' }));
    follow(event(2, { type: 'check' }));
    follow(event(3, { division: 'cn.gdx' }));
    follow(event(4, { division: 'cn.gd.sz' }));
    follow(event(5, { type: 'incident', named: { divisions: ['cn.gd', 'cn.gx'], textWithout: 'without' } }));
    follow(event(6, { division: null }));
    expect(sink.texts).toEqual(['id: 4\n\n', 'without', 'id: 6\n\n']);
  });

  it('moves a quiet client on with its heartbeat, but never past what waits', () => {
    const sink = new SlowSink();
    const { client, follow } = clientOn(sink, audienceOf(['xx'], null));
    client.beat(5);
    expect(sink.texts).toEqual([]);
    client.release(0);
    follow(event(5));
    client.beat(5);
    expect(sink.texts).toEqual([': beat\nid: 5\n\n']);
    sink.room = 0;
    client.beat(6);
    client.beat(7);
    expect(sink.texts.length).toBe(2);
  });

  it('is written what came together at once, and counts all of it', () => {
    const sink = new SlowSink();
    const { client, follow, told } = clientOn(sink, audienceOf(['cn.gd'], null));
    client.release(0);
    follow(event(1), event(2, { division: 'cn.gx' }), event(3));
    follow(event(4, { division: 'cn.gx' }));
    expect(sink.texts).toEqual(['id: 1\n\nid: 3\n\n']);
    expect([client.sent, told()]).toEqual([3, 2]);
  });

  it('takes no more of what comes together than has room while it waits', () => {
    const sink = new SlowSink(1);
    const { client, follow, resyncs } = clientOn(sink);
    client.release(0);
    follow(event(1), event(2));
    follow(event(3), event(4));
    follow(event(5), event(6));
    sink.room = Number.POSITIVE_INFINITY;
    client.drained();
    expect(sink.texts[1]).toContain('{"reason":"slow","sequence":6}');
    expect(resyncs).toEqual(['slow']);
  });

  it('leaves out of what comes together what the past brought already', () => {
    const sink = new SlowSink();
    const { client, follow } = clientOn(sink);
    client.replay(event(1));
    client.release(2);
    follow(event(2), event(3));
    expect(sink.texts).toEqual(['id: 1\n\n', 'id: 3\n\n']);
  });
});
