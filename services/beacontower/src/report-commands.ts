/** `beacontower report …`: the verb decides. */
import { UserError } from '@beacontower/runtime';

export async function reportCommand(args: string[]): Promise<void> {
  const [verb, ...rest] = args;
  if (verb === 'verify') return (await import('./report-verify-command.ts')).verifyCommand(rest);
  // Loads the renderers, which no other command needs.
  if (verb === 'create') return (await import('./report-create.ts')).createCommand(rest);
  if (verb === 'list') return (await import('./report-list.ts')).listCommand(rest);
  throw new UserError('expected "report create …", "report list" or "report verify FILE"; --help tells what there is');
}
