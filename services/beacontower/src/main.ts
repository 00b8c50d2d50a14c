#!/usr/bin/env node
import { UserError } from '@beacontower/runtime';
import { runCommandLine } from './command-line.ts';
import { tellSupervisor } from './supervisor/messages.ts';

try {
  await runCommandLine(process.argv.slice(2));
} catch (error) {
  // What a person can put right is said in one line; anything else is our fault and shows its stack.
  if (!(error instanceof UserError)) throw error;
  await tellSupervisor({ type: 'fault', message: error.message });
  process.stderr.write(`beacontower: ${error.message}\n`);
  process.exit(1);
}
