import { parsePeriod } from '@beacontower/domain';
import { describe, expect, it } from 'vitest';
import { periodWords } from './periods.ts';
import { coverageWords, percentOfCoverage, summaryWords } from './summary.ts';

const ZONE = 'Asia/Shanghai';
const named = (label: string) => {
  const period = parsePeriod(label, ZONE);
  if (period === null) throw new Error(label);
  return periodWords({ ...period, timeZone: ZONE });
};
const clause = (zh: string, en: string, availability: number | null) =>
  ({ subject: { zh, en }, aggregate: 'mean', basis: 'experienced', target: 0.999, figure: { availability } }) as const;

describe('periods in words', () => {
  it.each([
    ['2018-H1', '2018年上半年', 'the first half of 2018'],
    ['2018-H2', '2018年下半年', 'the second half of 2018'],
    ['2018-Q3', '2018年第三季度', 'the third quarter of 2018'],
    ['2018-07', '2018年7月', 'July 2018'],
    ['2018-W27', '2018年第27周', 'week 27 of 2018'],
    ['2018-07-01', '2018年7月1日', '1 July 2018'],
    ['2018', '2018年', 'the year 2018'],
  ])('%s', (label, zh, en) => {
    expect(named(label)).toEqual({ zh, en });
  });

  it('that are none of the calendar are named by their first and last day', () => {
    const span = {
      from: Date.parse('2018-03-01T00:00:00+08:00'),
      to: Date.parse('2018-03-11T00:00:00+08:00'),
      label: null,
      timeZone: ZONE,
    };
    expect(periodWords(span)).toEqual({ zh: '2018-03-01至2018-03-10', en: 'the period from 2018-03-01 to 2018-03-10' });
    expect(periodWords({ ...span, to: span.from + 4 * 3_600_000 })).toEqual({
      zh: '2018-03-01 00:00:00至2018-03-01 04:00:00',
      en: 'the period from 2018-03-01 00:00:00 to 2018-03-01 04:00:00',
    });
  });
});

describe('the summary', () => {
  it('has the published form', () => {
    const words = summaryWords({ name: named('2018-H1') }, [
      clause('用户接入网络', 'user access', 0.9991),
      clause('互联网出口', 'the Internet exit', 0.9997),
      clause('中央广域骨干网', 'the central wide-area backbone', 0.9997),
    ]);
    expect(words.zh).toBe('2018年上半年,用户接入网络平均可用率为99.91%,互联网出口平均可用率为99.97%,中央广域骨干网平均可用率为99.97%');
    expect(words.en).toBe(
      'In the first half of 2018, the average availability of user access was 99.91%, of the Internet exit 99.97% and of the central wide-area backbone 99.97%.',
    );
  });

  it('names what was not observed without a figure', () => {
    const words = summaryWords({ name: named('2018-07') }, [clause('互联网出口', 'the Internet exit', null)]);
    expect(words.zh).toBe('2018年7月,互联网出口平均可用率无观测数据');
    expect(words.en).toContain('could not be observed');
  });

  it('says where outages of others are left out', () => {
    const words = summaryWords({ name: named('2018-H1') }, [
      clause('用户接入网络', 'user access', 0.9991),
      { ...clause('运营商甲电路', 'circuits of carrier A', 0.9995), basis: 'responsible' },
    ]);
    expect(words.zh).toBe('2018年上半年,用户接入网络平均可用率为99.91%,运营商甲电路平均可用率(责任方口径)为99.95%');
    expect(words.en).toContain('of circuits of carrier A (outages of others left out) 99.95%.');
  });

  it('says that nothing was selected', () => {
    const words = summaryWords({ name: named('2018-07-01') }, []);
    expect(words).toEqual({ zh: '2018年7月1日,没有可统计的可用率目标', en: 'On 1 July 2018 there was no objective to report on.' });
  });
});

describe('coverage', () => {
  it('is said with and without the Corps', () => {
    const block = {
      at: Date.parse('2018-07-01T00:00:00+08:00'),
      list: { zh: '', en: '' },
      levels: [
        { level: 'province', connected: 31, total: 31, fraction: 1, withCorps: null, previousConnected: null },
        {
          level: 'county',
          connected: 2734,
          total: 2851,
          fraction: 2734 / 2851,
          withCorps: { connected: 2884, total: 3001, fraction: 2884 / 3001 },
          previousConnected: null,
        },
      ],
      counts: [],
    } as const;
    expect(coverageWords(block, ZONE)).toEqual({
      zh: '截至2018年6月30日,省级覆盖率为100%,县级覆盖率为95.9%(含新疆生产建设兵团为96.1%)',
      en: 'At the end of 2018-06-30 the network reached 100% of the provinces and 95.9% of the counties (96.1% with the Corps counted in).',
    });
    expect(coverageWords({ ...block, levels: [] }, ZONE)).toBeNull();
  });

  it.each([
    [2850 / 2851, '99.96%'],
    [1 / 2851, '0.04%'],
    [0, '0.0%'],
    [null, '—'],
  ])('%s is %s', (fraction, text) => {
    expect(percentOfCoverage(fraction)).toBe(text);
  });
});
