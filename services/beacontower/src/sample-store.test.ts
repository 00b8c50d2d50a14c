import { describe, expect, it } from 'vitest';
import { influxAt, objectOf } from './sample-store.ts';

describe('the address of the sample store', () => {
  it.each([
    ['influxdb://influx:8086/bt', { url: 'http://influx:8086', database: 'bt', user: null, password: null }],
    ['influxdbs://influx/bt?org=net', { url: 'https://influx', database: 'bt', org: 'net' }],
    ['http://me:p%40ss@[::1]:8086', { url: 'http://[::1]:8086', user: 'me', password: 'p@ss' }],
    ['https://influx.example/bt/', { url: 'https://influx.example', database: 'bt' }],
  ])('%s', (url, expected) => {
    expect(influxAt(url, 'token')).toMatchObject({ ...expected, token: 'token' });
    expect(influxAt(url, 'token').url).not.toContain('@');
  });

  it('names one database', () => {
    expect(() => influxAt('influxdb://u:secret@h/a/b', null)).toThrow(/names one database/);
  });

  it('of a check its object, though an interface has slashes in its name', () => {
    expect(objectOf('bj:r1/Gi0/0/1/status')).toBe('bj:r1/Gi0/0/1');
  });
});
