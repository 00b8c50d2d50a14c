import { describe, expect, it } from 'vitest';
import { EventStreamParser } from './event-stream.ts';

const TEXT = 'retry: 2000\n\nid: 7\nevent: state\ndata: {"a":1}\n\n: beat\nid: 9\n\nevent: incident\ndata: x\ndata: y\n\n';
const EVENTS = [
  { id: '7', type: 'state', data: '{"a":1}' },
  { id: '9', type: 'incident', data: 'x\ny' },
];

describe('server-sent events', () => {
  it('come out whole, however they are cut', () => {
    for (const size of [1, 2, 3, 7, 1_000]) {
      const parser = new EventStreamParser();
      const events = [];
      for (let at = 0; at < TEXT.length; at += size) events.push(...parser.push(TEXT.slice(at, at + size)));
      expect(events).toEqual(EVENTS);
      expect(parser.lastId).toBe('9');
    }
  });
  it('may have lines that end as on other systems', () => {
    for (const size of [1, 1_000]) {
      const parser = new EventStreamParser();
      const text = TEXT.replaceAll('\n', '\r\n');
      const events = [];
      for (let at = 0; at < text.length; at += size) events.push(...parser.push(text.slice(at, at + size)));
      expect(events).toEqual(EVENTS);
    }
  });
  it('a sign of life moves the id on and is no event', () => {
    const parser = new EventStreamParser();
    expect(parser.push(': beat\nid: 12\n\n')).toEqual([]);
    expect(parser.lastId).toBe('12');
  });
  it('of no type is a message; a field that is not known is nothing', () => {
    expect(new EventStreamParser().push('data\nfoo: bar\n\n')).toEqual([{ id: null, type: 'message', data: '' }]);
  });
});
