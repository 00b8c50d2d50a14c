import { expect, it } from 'vitest';
import { tokenCommandFor } from './greeting.ts';

it('tells the command for a token as it can be copied: with the data directory, quoted for the shell, and a role that may change things', () => {
  expect(tokenCommandFor('/srv/beacontower')).toBe('scripts/beacontower token create --name NAME --role operator --data /srv/beacontower');
  expect(tokenCommandFor("/srv/my node's")).toMatch(/--data '\/srv\/my node'\\''s'$/);
});
