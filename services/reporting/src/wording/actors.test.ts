import { describe, expect, it } from 'vitest';
import { actorWords, closingReasonWords } from './actors.ts';

describe('who did it, in words', () => {
  it.each([
    ['assessor', '系统自动', 'by itself'],
    ['command line', '命令行', 'command line'],
    ['schedule half-year', '定时报告 half-year', 'schedule half-year'],
    ['王工', '王工', '王工'],
  ])('%s', (actor, zh, en) => {
    expect(actorWords(actor)).toEqual({ zh, en });
  });
});

describe('why a version was made, in words', () => {
  it('is said in the language of the report where the system made it', () => {
    expect(closingReasonWords('the period ended').zh).toBe('统计期结束');
  });

  it('stays as a person gave it', () => {
    expect(closingReasonWords('for the board')).toEqual({ zh: 'for the board', en: 'for the board' });
  });
});
