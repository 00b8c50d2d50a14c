/** Lets a node of the lab in at the one above, by the commands that two people would type. */
import type { CommandResult } from '../ip.ts';
import type { Product } from '../product.ts';
import type { FederationNetwork } from './namespaces.ts';
import type { TierNode } from './tiers.ts';

interface Enrolling {
  readonly child: TierNode & { readonly product: Product };
  readonly parent: TierNode & { readonly product: Product };
  readonly network: FederationNetwork;
  /** Where the child reaches the listener of the parent. */
  readonly url: string;
}

/** Invites, asks, and approves by the code that the child shows. After it the child reports by itself. */
export async function enrol({ child, parent, network, url }: Enrolling): Promise<void> {
  const { id, division, name } = child;
  const invited = await parent.product.command('federation', 'invite', id, '--division', division, '--name', name, '--url', url, '--json');
  const token = field(invited, 'token');
  // The request is made where the child is: over the line to the parent.
  const [command, ...args] = child.product.commandLine('federation', 'join', token, '--no-wait', '--json');
  const code = field(await network.run(id, command, args), 'code');
  succeeded(await parent.product.command('federation', 'approve', id, '--code', code));
}

function field(result: CommandResult, name: string): string {
  const value = (JSON.parse(succeeded(result)) as Record<string, unknown>)[name];
  if (typeof value !== 'string') throw new Error(`there is no ${name} in the answer`);
  return value;
}

function succeeded({ code, stdout, stderr }: CommandResult): string {
  if (code !== 0) throw new Error(`a command of the enrolment ended with ${code}: ${stderr || stdout}`);
  return stdout;
}
