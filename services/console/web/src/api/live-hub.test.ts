import { describe, expect, it } from 'vitest';
import { type FromHub, GONE_MS, type HubPort, LiveHub } from './live-hub.ts';
import type { LiveSink } from './live-source.ts';

class Page implements HubPort {
  readonly heard: FromHub[] = [];
  postMessage(message: FromHub): void {
    this.heard.push(message);
  }
  kinds(): string[] {
    return this.heard.map(({ kind }) => kind);
  }
}

function start() {
  const sinks: LiveSink[] = [];
  let closed = 0;
  let now = 0;
  const hub = new LiveHub(
    (sink) => {
      sinks.push(sink);
      return () => (closed += 1);
    },
    () => now,
  );
  return { hub, sinks, closed: () => closed, advance: (ms: number) => (now += ms) };
}

describe('one stream for all tabs', () => {
  it('is opened once for a session, and tells all its pages', () => {
    const { hub, sinks } = start();
    const [one, two] = [new Page(), new Page()];
    hub.receive(one, { kind: 'follow', key: 's' });
    hub.receive(two, { kind: 'follow', key: 's' });
    sinks[0]?.status(true);
    sinks[0]?.event('state', '{}');
    expect(sinks).toHaveLength(1);
    for (const page of [one, two]) expect(page.kinds()).toEqual(['status', 'status', 'event']);
  });
  it('says to who comes later that it is connected already', () => {
    const { hub, sinks } = start();
    hub.receive(new Page(), { kind: 'follow', key: 's' });
    sinks[0]?.status(true);
    const late = new Page();
    hub.receive(late, { kind: 'follow', key: 's' });
    expect(late.heard).toEqual([{ kind: 'status', connected: true, since: 0 }]);
  });
  it('is another for another session, and tells neither of the other', () => {
    const { hub, sinks } = start();
    const [mine, theirs] = [new Page(), new Page()];
    hub.receive(mine, { kind: 'follow', key: 'mine' });
    hub.receive(theirs, { kind: 'follow', key: 'theirs' });
    sinks[1]?.event('state', '{}');
    expect(mine.kinds()).toEqual(['status']);
    expect(theirs.kinds()).toEqual(['status', 'event']);
  });
  it('ends with its last page, be it gone without a word', () => {
    const { hub, closed, advance } = start();
    const [one, two] = [new Page(), new Page()];
    hub.receive(one, { kind: 'follow', key: 's' });
    hub.receive(two, { kind: 'follow', key: 's' });
    hub.receive(one, { kind: 'leave' });
    expect(closed()).toBe(0);
    advance(GONE_MS);
    hub.sweep();
    expect(closed()).toBe(1);
  });
  it('is joined again by a page that only slept, which is told to read again', () => {
    const { hub, sinks, advance } = start();
    const page = new Page();
    hub.receive(page, { kind: 'follow', key: 's' });
    advance(GONE_MS);
    hub.sweep();
    hub.receive(page, { kind: 'here' });
    expect(sinks).toHaveLength(2);
    expect(page.kinds()).toEqual(['status', 'status', 'resync']);
  });
  it('holds a page that says that it is here', () => {
    const { hub, closed, advance } = start();
    const page = new Page();
    hub.receive(page, { kind: 'follow', key: 's' });
    advance(GONE_MS - 1);
    hub.receive(page, { kind: 'here' });
    advance(GONE_MS - 1);
    hub.sweep();
    expect(closed()).toBe(0);
  });
  it('knows nothing of a page that never followed', () => {
    const { hub, sinks } = start();
    hub.receive(new Page(), { kind: 'here' });
    hub.receive(new Page(), { kind: 'leave' });
    expect(sinks).toHaveLength(0);
  });
});
