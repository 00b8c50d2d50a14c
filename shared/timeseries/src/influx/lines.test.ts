import { describe, expect, it } from 'vitest';
import { icmpSeries, interfaceSeries, START } from '../contract.fixture.ts';
import { columnsOfIcmp, columnsOfInterfaces } from '../rows.ts';
import { rawLines, rolledLine } from './lines.ts';

describe('line protocol', () => {
  it('leaves out what is not known, and escapes labels', () => {
    const rows = interfaceSeries(7, START, 1, () => 100);
    rows.increments.inUnicast[0] = Number.NaN;
    const [line] = rawLines(columnsOfInterfaces(rows), () => 'cn:a b,c=d\ne\\');
    expect(line).toBe(
      'interface,check=7,object=cn:a\\ b\\,c\\=d\\ e span=59990i,speed=1000i,status=17i,inOctets=100i,inMulticast=3i,inBroadcast=1i,' +
        'outOctets=0i,outUnicast=0i,outMulticast=0i,outBroadcast=0i,inErrors=0i,outErrors=0i,inDiscards=0i,outDiscards=0i 1795132807000',
    );
    const lines = rawLines(columnsOfIcmp(icmpSeries(8, START, 10)), () => undefined);
    expect(lines[0]).toBe('icmp,check=8 sent=3i,received=3i,rttMin=1000i,rttAvg=1050i,rttMax=1100i,jitter=20i 1795132803000');
    expect(lines[9]).toBe('icmp,check=8 sent=3i,received=0i 1795133343000');
  });

  it('writes roll-ups as floats', () => {
    expect(rolledLine('icmp', '5m', 8, START, [3, 9, 8, 8, 8400.5, Number.NaN], () => undefined)).toBe(
      'icmp_5m,check=8 rounds=3,sent=9,received=8,rttReplies=8,rttTotal=8400.5 1795132800000',
    );
  });
});
