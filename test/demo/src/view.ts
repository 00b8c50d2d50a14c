/** What the board shows, asked of the node's API: no back door, and every answer checked against its schema. */
import {
  Availability,
  IncidentPage,
  type IncidentSummary,
  ObjectiveList,
  ObjectPage,
  type ObjectSummary,
  SelfReport,
} from '@beacontower/contracts';
import type { z } from 'zod';

export interface ObjectiveFigure {
  readonly id: string;
  readonly target: number;
  readonly members: number;
  readonly figure: Availability;
}

/** One look at everything. */
export interface View {
  readonly at: number;
  readonly objects: readonly ObjectSummary[];
  readonly incidents: readonly IncidentSummary[];
  readonly objectives: readonly ObjectiveFigure[];
  readonly self: SelfReport;
}

export interface Viewer {
  /** Figures of `[from, now)`. */
  look(from: number): Promise<View>;
}

const ASK_MS = 10_000;

export function createViewer(url: string, token: string): Viewer {
  async function get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    const answer = await fetch(`${url}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ASK_MS),
    });
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
    return schema.parse(await answer.json());
  }
  async function all<T>(path: string, schema: z.ZodType<{ items: T[]; nextCursor: string | null }>): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: T[]; nextCursor: string | null } = await get(`${path}limit=1000${cursor && `&cursor=${cursor}`}`, schema);
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }
  return {
    async look(from) {
      const at = Date.now();
      // A period needs a length; figures of what is not judged yet would be undecided, so they end a little before now.
      const to = Math.max(from + 1_000, at - 5_000);
      const period = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
      const [objects, incidents, objectives, self] = await Promise.all([
        all('/api/v1/objects?', ObjectPage),
        all('/api/v1/incidents?', IncidentPage),
        get('/api/v1/objectives', ObjectiveList),
        get('/api/v1/self', SelfReport),
      ]);
      const figures = await Promise.all(
        objectives.items.map(async ({ id, target, members }) => ({
          id,
          target,
          members,
          figure: await get(`/api/v1/availability?objective=${id}&${period}`, Availability),
        })),
      );
      return { at, objects, incidents, objectives: figures, self };
    },
  };
}
