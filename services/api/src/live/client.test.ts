import { describe, expect, it } from 'vitest';
import { type ClientOptions, LiveClient } from './client.ts';
import type { TailEvent } from './events.ts';

/** A sink that takes `room` texts before it blocks. */
class SlowSink {
  readonly texts: string[] = [];
  room: number;
  constructor(room = Number.POSITIVE_INFINITY) {
    this.room = room;
  }
  write(text: string): boolean {
    this.texts.push(text);
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

function clientOn(sink: SlowSink, more: Partial<ClientOptions> = {}, after = 0) {
  const resyncs: string[] = [];
  const options = {
    scope: [''],
    types: null,
    queueLimit: 3,
    onResync: (reason: string) => void resyncs.push(reason),
    onEvent: () => undefined,
    ...more,
  };
  return { client: new LiveClient(sink, after, options), resyncs };
}

describe('LiveClient', () => {
  it('holds what follows until the past was sent, and sends nothing twice', () => {
    const sink = new SlowSink();
    const { client } = clientOn(sink);
    client.follow(event(2));
    client.follow(event(3));
    client.replay(event(1));
    client.replay(event(2));
    client.release(2);
    client.follow(event(3));
    client.follow(event(4));
    expect(sink.texts).toEqual(['id: 1\n\n', 'id: 2\n\n', 'id: 3\n\n', 'id: 4\n\n']);
  });

  it('drops what a slow client cannot take, and tells it once to read again', () => {
    const sink = new SlowSink(1);
    const { client, resyncs } = clientOn(sink);
    client.release(0);
    for (let sequence = 1; sequence <= 10; sequence++) client.follow(event(sequence));
    expect(sink.texts).toEqual(['id: 1\n\n']);
    sink.room = Number.POSITIVE_INFINITY;
    client.drained();
    client.follow(event(11));
    expect(sink.texts.slice(1)).toEqual(['id: 10\nevent: resync\ndata: {"reason":"slow","sequence":10}\n\n', 'id: 11\n\n']);
    expect(resyncs).toEqual(['slow']);
  });

  it('is told only what lies in its scope, of the types it wants', () => {
    const sink = new SlowSink();
    const { client } = clientOn(sink, { scope: ['cn.gd'], types: new Set(['state', 'incident']) });
    client.release(0);
    client.follow(event(1, { division: 'cn.gx' }));
    client.follow(event(2, { type: 'check' }));
    client.follow(event(3, { division: 'cn.gdx' }));
    client.follow(event(4, { division: 'cn.gd.sz' }));
    client.follow(event(5, { type: 'incident', named: { divisions: ['cn.gd', 'cn.gx'], textWithout: 'without' } }));
    client.follow(event(6, { division: null }));
    expect(sink.texts).toEqual(['id: 4\n\n', 'without', 'id: 6\n\n']);
  });

  it('moves a quiet client on with its heartbeat, but never past what waits', () => {
    const sink = new SlowSink();
    const { client } = clientOn(sink, { scope: ['xx'] });
    client.beat(5);
    expect(sink.texts).toEqual([]);
    client.release(0);
    client.follow(event(5));
    client.beat(5);
    expect(sink.texts).toEqual([': beat\nid: 5\n\n']);
    sink.room = 0;
    client.beat(6);
    client.beat(7);
    expect(sink.texts.length).toBe(2);
  });
});
