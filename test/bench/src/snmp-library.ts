import type { SnmpAgents } from '@beacontower/testing';
import { createSession, type Session, type Varbind, Version2c } from 'net-snmp';
import { COMMUNITY, HC_COUNTERS, HC_PREFIX } from './snmp-load.ts';

/** Rows asked for at once: every interface of a device in one request. */
const REPETITIONS = 48;

/** Device polls a CPU second of the net-snmp package by itself: asked and decoded, nothing stored. */
export async function measureLibrary({ agents }: SnmpAgents, seconds: number): Promise<number> {
  const columns = Object.values(HC_COUNTERS).map((column) => `${HC_PREFIX}.${column}`);
  const sessions = agents
    .slice(0, 50)
    .map(({ address, port }) => createSession(address, COMMUNITY, { port, version: Version2c, timeout: 2_000 }));
  try {
    const end = performance.now() + seconds * 1_000;
    let polls = 0;
    const before = process.cpuUsage();
    const run = async (session: Session) => {
      for (; performance.now() < end; polls++) await poll(session, columns);
    };
    await Promise.all(sessions.map(run));
    const { user, system } = process.cpuUsage(before);
    return polls / ((user + system) / 1e6);
  } finally {
    for (const session of sessions) session.close();
  }
}

type Answer = readonly (Varbind | readonly Varbind[])[];

/** Net-snmp hands 64-bit counters out as bytes: whoever wants the numbers pays for them. Gives how many there were. */
function read(answer: Answer): number {
  const numbers = answer.flat().map(({ value }) => (value as Buffer).reduce((sum, byte) => sum * 256 + byte, 0));
  return numbers.length;
}

async function poll(session: Session, columns: string[]): Promise<void> {
  const counters = await ask(session, columns);
  if (counters !== REPETITIONS * columns.length) throw new Error(`net-snmp read ${counters} counters`);
}

function ask(session: Session, columns: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    session.getBulk(columns, 0, REPETITIONS, (error: Error | null, answer?: Answer) =>
      error === null ? resolve(read(answer ?? [])) : reject(error),
    );
  });
}
