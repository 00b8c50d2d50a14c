import { it } from 'vitest';
import { expectTruthWithin } from './thousand.fixture.ts';

// In two files, so that both cores have their half.
it(
  'the truth lies within the bounds of every figure of 500 random networks (even seeds), without bias',
  () => expectTruthWithin(2),
  300_000,
);
