/** What somebody planned before the demo began: work that goes on, work to come, and a silence. */
import { randomUUID } from 'node:crypto';
import { circuitOf, landingOf, NODE } from './network.ts';
import type { DemoPerson } from './person.ts';
import { PROVINCES } from './provinces.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Plan {
  readonly path: 'maintenance' | 'silences';
  readonly body: Readonly<Record<string, unknown>>;
  readonly isApproved: boolean;
}

/** The plans at a moment (epoch ms). Pure. */
export function plansAt(now: number): readonly Plan[] {
  const at = (ms: number) => new Date(now + ms).toISOString();
  const province = (id: string) => PROVINCES.find((each) => each.id === id) as (typeof PROVINCES)[number];
  const work = (title: string, objects: readonly string[], from: number, to: number, isApproved: boolean): Plan => ({
    path: 'maintenance',
    body: { title, objects: objects.map((id) => `${NODE}:${id}`), startsAt: at(from), endsAt: at(to) },
    isApproved,
  });
  return [
    work('青海骨干电路乙割接', [circuitOf(province('qh'), 2)], 5_000, 2 * HOUR_MS, true),
    work('海南落地设备升级', [landingOf(province('hi'))], 8 * HOUR_MS, 10 * HOUR_MS, true),
    work('重庆落地设备更换电源', [landingOf(province('cq'))], 26 * HOUR_MS, 27 * HOUR_MS, false),
    {
      path: 'silences',
      body: {
        reason: '西藏机房搬迁，现场已有人值守',
        divisions: ['cn.xz'],
        severities: ['minor', 'warning'],
        startsAt: at(0),
        endsAt: at(3 * HOUR_MS),
      },
      isApproved: false,
    },
  ];
}

/** Makes them as a duty manager would, signed in. */
export async function makePlans(url: string, person: DemoPerson): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const signedIn = await must(fetch(`${url}/api/v1/session`, { method: 'POST', headers: json, body: JSON.stringify(person) }));
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const { csrf } = (await signedIn.json()) as { readonly csrf: string };
  const headers = { cookie, 'x-beacontower-csrf': csrf };
  for (const { path, body, isApproved } of plansAt(Date.now())) {
    const made = await must(
      fetch(`${url}/api/v1/${path}`, {
        method: 'POST',
        headers: { ...headers, ...json, 'idempotency-key': randomUUID() },
        body: JSON.stringify(body),
      }),
    );
    if (!isApproved) continue;
    const { id, revision } = (await made.json()) as { readonly id: string; readonly revision: number };
    await must(fetch(`${url}/api/v1/maintenance/${id}/approve`, { method: 'POST', headers: { ...headers, 'if-match': `"${revision}"` } }));
  }
  await must(fetch(`${url}/api/v1/session`, { method: 'DELETE', headers }));
}

async function must(asked: Promise<Response>): Promise<Response> {
  const answer = await asked;
  if (!answer.ok) throw new Error(`a plan of the demo was refused: ${answer.status} ${await answer.text()}`);
  return answer;
}
