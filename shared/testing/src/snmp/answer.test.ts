import { describe, expect, it } from 'vitest';
import { ERROR } from './answer.ts';
import { TAG } from './ber.ts';
import { AgentDevice } from './device.ts';
import type { AgentDeviceOptions } from './device-options.ts';
import { parseRequest } from './message.ts';
import { type Ask, ask, request } from './test-helpers.ts';

const AT = Date.UTC(2026, 10, 22);
const UPTIME = '1.3.6.1.2.1.1.3.0';
const IN_OCTETS = '1.3.6.1.2.1.2.2.1.10';
const HC_IN = '1.3.6.1.2.1.31.1.1.1.6';
const ALIAS = '1.3.6.1.2.1.31.1.1.1.18';

const device = (options: AgentDeviceOptions = {}) => new AgentDevice({ uptimeMs: 5_000, ...options }, () => AT);
const asked = (options: AgentDeviceOptions, what: Ask) => ask(device(options), what, AT);
const bulk = (second: number, ...oids: string[]): Ask => ({ pdu: TAG.getBulk, second, oids });
const oidsOf = (answered: ReturnType<typeof ask>) => answered?.varbinds.map((each) => each.oid);

describe('GET', () => {
  it('gives what is there, and says of the rest what is missing', () => {
    const answered = asked({}, { oids: [UPTIME, `${HC_IN}.1`, `${HC_IN}.99`, '1.3.6.1.9.9', '1.3.6.1.2.1.31.1.1.1.6'] });
    expect(answered).toMatchObject({ id: 4_711, community: 'public', status: 0 });
    expect(answered?.varbinds.map(({ tag }) => tag)).toEqual([
      TAG.ticks,
      TAG.counter64,
      TAG.noSuchInstance,
      TAG.noSuchObject,
      TAG.noSuchInstance,
    ]);
    expect(answered?.varbinds[0]?.value).toBe(500n);
  });

  it('of SNMPv1 knows no 64-bit counter, and names the first variable that is missing', () => {
    const answered = asked({}, { version: 0, oids: [UPTIME, `${HC_IN}.1`] });
    expect(answered).toMatchObject({ status: ERROR.noSuchName, position: 2 });
    expect(oidsOf(answered)).toEqual([UPTIME, `${HC_IN}.1`]);
  });

  it('of another community is not answered', () => {
    expect(asked({ community: 'other' }, { oids: [UPTIME] })).toBeNull();
  });

  it('has no brother that sets', () => {
    expect(asked({}, { pdu: TAG.set, oids: [UPTIME] })).toMatchObject({ status: ERROR.notWritable, position: 1 });
    expect(asked({}, { version: 0, pdu: TAG.set, oids: [UPTIME] })?.status).toBe(ERROR.readOnly);
  });
});

describe('GETNEXT', () => {
  it('goes over the holes that 64-bit counters are in SNMPv1, and ends with a name or with an exception', () => {
    const last = '1.3.6.1.2.1.31.1.1.1.5.4';
    expect(oidsOf(asked({}, { version: 0, pdu: TAG.getNext, oids: [last] }))).toEqual(['1.3.6.1.2.1.31.1.1.1.14.1']);
    expect(oidsOf(asked({}, { pdu: TAG.getNext, oids: [last] }))).toEqual([`${HC_IN}.1`]);
    expect(asked({}, { version: 0, pdu: TAG.getNext, oids: ['1.3.9'] })).toMatchObject({ status: ERROR.noSuchName, position: 1 });
    expect(asked({}, { pdu: TAG.getNext, oids: ['1.3.9'] })?.varbinds).toEqual([{ oid: '1.3.9', tag: TAG.endOfMibView, value: 0n }]);
  });
});

describe('GETBULK', () => {
  it('gives row after row, the columns interleaved, after what is asked for once', () => {
    const answered = ask(device(), { pdu: TAG.getBulk, first: 1, second: 3, oids: ['1.3.6.1.2.1.1.3', IN_OCTETS, ALIAS] }, AT);
    expect(oidsOf(answered)).toEqual([UPTIME, ...[1, 2, 3].flatMap((row) => [`${IN_OCTETS}.${row}`, `${ALIAS}.${row}`])]);
  });

  it('ends when no column has anything more', () => {
    const answered = asked({}, bulk(50, '1.3.6.1.2.1.31.1.1.1.19', '1.3.6.1.2.1.31.1.1.1.19.4'));
    expect(oidsOf(answered)?.at(-1)).toBe('1.3.6.1.2.1.31.1.5.0');
    expect(answered?.varbinds.at(-1)?.tag).toBe(TAG.endOfMibView);
    expect(answered?.varbinds.length).toBe(2 * 6);
  });

  it('does not exist in SNMPv1', () => {
    expect(parseRequest(request({ ...bulk(3, UPTIME), version: 0 }))).toBeNull();
  });

  it('ends early where there is no more room, and is tooBig where there is none at all', () => {
    const small = asked({ interfaces: 48, hostile: { maxBytes: 484 } }, bulk(48, IN_OCTETS, ALIAS));
    expect(small?.bytes).toBeLessThanOrEqual(484);
    expect(small?.varbinds.length).toBeGreaterThan(10);
    expect(oidsOf(small)?.slice(0, 3)).toEqual([`${IN_OCTETS}.1`, `${ALIAS}.1`, `${IN_OCTETS}.2`]);
    expect(asked({ hostile: { maxBytes: 60 } }, bulk(5, IN_OCTETS))).toMatchObject({ status: ERROR.tooBig, varbinds: [] });
    expect(
      asked({ interfaces: 700 }, bulk(700, ...[2, 3, 4, 5, 6, 10].map((column) => `1.3.6.1.2.1.2.2.1.${column}`)))?.bytes,
    ).toBeLessThanOrEqual(65_507);
  });
});

describe('a bad agent', () => {
  it('answers tooBig, or nothing, to what is too much for it', () => {
    expect(asked({ hostile: { tooBigAbove: 10 } }, bulk(6, IN_OCTETS, ALIAS))?.status).toBe(ERROR.tooBig);
    expect(asked({ hostile: { tooBigAbove: 12 } }, bulk(6, IN_OCTETS, ALIAS))?.status).toBe(ERROR.none);
    expect(asked({ hostile: { silentAboveRepetitions: 5 } }, bulk(6, IN_OCTETS))).toBeNull();
    expect(asked({ hostile: { silentAboveRepetitions: 5 } }, bulk(5, IN_OCTETS))?.status).toBe(ERROR.none);
  });

  it('has a column without an end', () => {
    const answered = asked({ hostile: { endless: IN_OCTETS } }, bulk(100, IN_OCTETS));
    expect(oidsOf(answered)).toEqual(Array.from({ length: 100 }, (_, i) => `${IN_OCTETS}.${i + 1}`));
    expect(oidsOf(asked({ hostile: { endless: IN_OCTETS } }, bulk(2, `${IN_OCTETS}.70000`)))?.at(-1)).toBe(`${IN_OCTETS}.70002`);
  });

  it('goes round in a column', () => {
    const answered = asked({ hostile: { loop: IN_OCTETS } }, bulk(7, IN_OCTETS));
    expect(oidsOf(answered)).toEqual([1, 2, 3, 1, 2, 3, 1].map((row) => `${IN_OCTETS}.${row}`));
  });

  it('fails on one variable, has not what it has, and says text for a number', () => {
    const oids = [UPTIME, `${IN_OCTETS}.2`];
    expect(asked({ hostile: { genErr: `${IN_OCTETS}.2` } }, { oids })).toMatchObject({ status: ERROR.genErr, position: 2 });
    expect(asked({ hostile: { noSuchObject: IN_OCTETS } }, { oids })?.varbinds[1]?.tag).toBe(TAG.noSuchObject);
    expect(asked({ hostile: { wrongTypes: true } }, { oids })?.varbinds.map(({ value }) => value)).toEqual([
      'not a number',
      'not a number',
    ]);
  });

  it('answers under another name than it was asked with', () => {
    expect(asked({ hostile: { wrongRequestId: true } }, { oids: [UPTIME] })?.id).not.toBe(4_711);
    expect(asked({ hostile: { wrongCommunity: true } }, { oids: [UPTIME] })?.community).toBe('not-public');
  });
});
