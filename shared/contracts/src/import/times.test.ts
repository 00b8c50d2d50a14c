import { describe, expect, test } from 'vitest';
import { INVENTORY_COLUMNS, OUTAGE_COLUMNS, readHeader } from './columns.ts';
import { readTime } from './times.ts';

const iso = (value: string, zone: string | null = null) => {
  const read = readTime(value, zone);
  return 'at' in read ? new Date(read.at).toISOString() : read.problem.en;
};

describe('times', () => {
  test.each([
    ['2018-03-01T08:00:00+08:00', null, '2018-03-01T00:00:00.000Z'],
    ['2018-03-01 08:00+0800', null, '2018-03-01T00:00:00.000Z'],
    ['2018-03-01T00:00:00.25Z', null, '2018-03-01T00:00:00.250Z'],
    ['2018-03-01 08:00', 'Asia/Shanghai', '2018-03-01T00:00:00.000Z'],
    ['2018/3/1 8:00:30', 'Asia/Shanghai', '2018-03-01T00:00:30.000Z'],
    ['2018-03-01', 'Asia/Shanghai', '2018-02-28T16:00:00.000Z'],
    ['2018-02-28 24:00', 'Asia/Shanghai', '2018-02-28T16:00:00.000Z'],
    // An offset that is written goes before the zone of the command.
    ['2018-03-01T00:00:00Z', 'Asia/Shanghai', '2018-03-01T00:00:00.000Z'],
    // Clocks skipped 2:00 to 3:00, and showed 1:30 twice (the first is taken).
    ['2018-03-11 03:30', 'America/New_York', '2018-03-11T07:30:00.000Z'],
    ['2018-03-11 02:30', 'America/New_York', 'there is no such day or hour'],
    ['2018-11-04 01:30', 'America/New_York', '2018-11-04T05:30:00.000Z'],
    ['2018-11-04 03:30', 'America/New_York', '2018-11-04T08:30:00.000Z'],
    ['2018-03-01 08:00', null, 'a time without a time zone'],
    ['2018-02-30', 'Asia/Shanghai', 'there is no such day or hour'],
    ['2018-02-30T00:00:00Z', null, 'there is no such day or hour'],
    ['2018-03-01 25:00', 'Asia/Shanghai', 'there is no such day or hour'],
    ['1519862400000', 'Asia/Shanghai', 'not a time'],
    ['', 'Asia/Shanghai', 'not a time'],
    // Midnight was skipped: the day began at 1:00.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    ['2018-11-04 00:00', 'America/Sao_Paulo', 'there is no such day or hour'],
    ['2018-11-04 12:00', 'America/Sao_Paulo', '2018-11-04T14:00:00.000Z'],
    // Clocks are changed by half an hour.
    ['2018-10-07 12:00', 'Australia/Lord_Howe', '2018-10-07T01:00:00.000Z'],
    ['2018-04-01 12:00', 'Australia/Lord_Howe', '2018-04-01T01:30:00.000Z'],
    ['2018-10-07 02:15', 'Australia/Lord_Howe', 'there is no such day or hour'],
    ['0001-01-01', 'Asia/Shanghai', 'there is no such day or hour'],
    ['0018-03-01T08:00:00Z', null, 'there is no such day or hour'],
    ['9999-12-31 24:00', 'Asia/Shanghai', 'there is no such day or hour'],
  ])('%s in %s', (value, zone, expected) => {
    expect(iso(value, zone)).toBe(expected);
  });
});

describe('headers', () => {
  test('in English or Chinese, in any order, whatever their capitals', () => {
    expect(readHeader(['结束', 'Object', ' Start ', 'Cause-Category'], OUTAGE_COLUMNS, ['object', 'from', 'to'])).toEqual({
      columns: ['to', 'object', 'from', 'causeCategory'],
      unknown: [],
      twice: [],
      missing: [],
    });
  });

  test('names what is unknown, twice or missing', () => {
    expect(readHeader(['id', '标识', 'colour'], INVENTORY_COLUMNS, ['id', 'from'])).toMatchObject({
      unknown: [{ position: 2, name: 'colour' }],
      twice: [{ position: 1, column: 'id' }],
      missing: ['from'],
    });
  });
});
