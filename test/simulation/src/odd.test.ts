import { it } from 'vitest';
import { expectTruthWithin } from './thousand.fixture.ts';

// In two files, so that both cores have their half.
it(
  'the truth lies within the bounds of every figure of 500 random networks (odd seeds), without bias',
  () => expectTruthWithin(1),
  300_000,
);
