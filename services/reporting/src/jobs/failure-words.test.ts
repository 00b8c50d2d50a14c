import { expect, test } from 'vitest';
import { failureWords } from './failure-words.ts';

test.each([
  [
    new Error("ENOENT: no such file or directory, open '/srv/app/services/reporting/fonts/x.ttf'"),
    "ENOENT: no such file or directory, open '…'",
  ],
  [new Error('connect ENOENT /tmp/some-where/.s.PGSQL.5432'), 'connect ENOENT …'],
  [new Error('connect ECONNREFUSED 127.0.0.1:5432'), 'connect ECONNREFUSED 127.0.0.1:5432'],
  [new Error('two\nlines\u0000'), 'two lines'],
  [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [new Error(''), 'Error'],
  ['words', 'words'],
  [new Error('see GET /api/v1/reports/x or https://example.test/a/b'), 'see GET … or https://example.test/a/b'],
])('%j is told as %j', (error, words) => {
  expect(failureWords(error)).toBe(words);
});
