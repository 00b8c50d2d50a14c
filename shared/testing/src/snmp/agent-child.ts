/** Entry of the process that `startSnmpAgents` starts. It ends when its parent is gone. */
import type { AgentOrder, ChildAnswer, ChildQuestion } from './agents.ts';
import { type SnmpAgent, startSnmpAgent } from './server.ts';

let shiftMs = 0;
const now = () => Date.now() + shiftMs;
let agents: readonly SnmpAgent[] = [];

async function startAll(orders: readonly AgentOrder[]): Promise<{ address: string; port: number }[]> {
  agents = await Promise.all(orders.map((order) => startSnmpAgent({ ...order, now })));
  return agents.map(({ address, port }) => ({ address, port }));
}

const OF_ALL: Readonly<Record<string, (argument: never) => unknown>> = {
  start: startAll,
  now,
  shiftTime: (ms: number) => {
    shiftMs += ms;
  },
};

function perform({ device, method, args }: ChildQuestion): unknown {
  if (device === null) return OF_ALL[method]?.(args[0] as never);
  const agent = agents[device];
  if (agent === undefined) throw new RangeError(`there is no device ${device}`);
  if (method === 'statistics') return agent.statistics();
  const mutator = agent.device[method as keyof typeof agent.device] as (...each: readonly unknown[]) => unknown;
  return mutator.apply(agent.device, [...args]);
}

async function answer(question: ChildQuestion): Promise<ChildAnswer> {
  try {
    return { id: question.id, result: await perform(question) };
  } catch (error) {
    return { id: question.id, error: (error as Error).message };
  }
}

process.on('message', (question: ChildQuestion) => {
  void answer(question).then((said) => process.send?.(said));
});
process.once('disconnect', () => process.exit());
