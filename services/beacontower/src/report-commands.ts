/** `beacontower report …`: the verb decides. */
import { UserError } from '@beacontower/runtime';

export async function reportCommand(args: string[]): Promise<void> {
  const [verb, ...rest] = args;
  if (verb === 'verify') return (await import('./report-verify-command.ts')).verifyCommand(rest);
  throw new UserError('expected "report verify FILE"; --help tells what there is');
}
