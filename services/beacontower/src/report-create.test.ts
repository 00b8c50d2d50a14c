import { describe, expect, it } from 'vitest';
import { createCommand } from './report-create.ts';

// All of these are refused before anything is opened.
describe('report create', () => {
  it.each([
    ['no period', [], /expected "report create --period PERIOD"/],
    ['a period and a span', ['--period', '2018', '--from', '2018-01-01', '--to', '2018-02-01'], /expected "report create --period PERIOD"/],
    ['half a span', ['--from', '2018-01-01'], /--from and --to go together/],
    ['a span that runs backwards', ['--from', '2018-02-01', '--to', '2018-01-01'], /--period: to must be after from/],
    ['a span of no length', ['--from', '2018-02-01', '--to', '2018-02-01'], /--period: to must be after from/],
    ['what is no time', ['--from', 'yesterday', '--to', '2018-01-01'], /--from "yesterday"/],
    ['what is no period', ['--period', 'H1 of 2018'], /--period: expected a period such as 2018-H1/],
    ['a format that there is not', ['--period', '2018', '--format', 'odt'], /--format/],
    ['a language that there is not', ['--period', '2018', '--language', 'fr'], /--language/],
    ['what is no division', ['--period', '2018', '--division', 'cn..gd'], /--division: expected a dotted path/],
    ['an unknown option', ['--period', '2018', '--colour', 'red'], /colour/],
  ])('refuses %s in words', async (_, args, words) => {
    await expect(createCommand(args)).rejects.toThrow(words);
  });
});
