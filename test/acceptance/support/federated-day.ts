import { drawDay, type FederationStand, linesOf, type StandNode } from '@beacontower/test-lab';

export const HOUR_MS = 3_600_000;
/** Lines of each node below the centre, and how often each is out in the time that is drawn. */
export const LINES = 40;
const OUTAGES = 12;

/** Has every node live through a day of its own. */
export function drawDays(nodes: readonly StandNode[], { from, to }: { readonly from: number; readonly to: number }): void {
  for (const [seed, { id, feed }] of nodes.entries()) feed?.plan(drawDay(linesOf(id, LINES), { seed, from, to, outages: OUTAGES }));
}

/** Feeds the nodes up to a moment; in the midst of it processes of provinces and of the centre are killed. */
export async function liveThrough(stand: FederationStand, nodes: readonly StandNode[], to: number): Promise<void> {
  const first = nodes[0]?.feed?.next ?? to;
  const middle = first + Math.floor((to - first) / 2 / 60_000) * 60_000;
  await Promise.all(nodes.map(({ feed }) => feed?.until(middle)));
  await stand.node('gd').product.kill('federate');
  await stand.node('zj').product.kill('postgres');
  await stand.node('sc').product.kill('judge');
  await stand.node('cn').product.kill('postgres');
  await Promise.all(nodes.map(({ feed }) => feed?.until(to)));
}
