import {
  AcceptBody,
  AcceptHandOverBody,
  AcknowledgeBody,
  AssignBody,
  CloseBody,
  CommentBody,
  DeclineBody,
  DeclineHandOverBody,
  EscalateBody,
  HandDownBody,
  IncidentDetail,
  MergeBody,
  ReopenBody,
  ResolveBody,
  SplitBody,
  UnmergeBody,
  UuidParams,
  WithdrawHandDownBody,
} from '@beacontower/contracts';
import {
  type Act,
  acceptHandOver,
  acceptIncident,
  acknowledgeIncident,
  assignIncident,
  closeIncident,
  commentIncident,
  type Database,
  declineHandOver,
  declineIncident,
  escalateIncident,
  findIncident,
  findIncidentHead,
  handDownIncident,
  mergeIncident,
  reopenIncident,
  resolveIncident,
  splitIncident,
  unmergeIncident,
  WorkflowFault,
  withdrawHandDown,
} from '@beacontower/database';
import type { z } from 'zod';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { ApiProblem, badField, notFound } from '../http/problem.ts';
import { expectedRevision, setRevision, staleRevision } from '../http/revision.ts';
import { describe } from '../openapi.ts';

/** What can be done with an incident; adding one is one entry. */
interface Action {
  readonly summary: string;
  readonly body: z.ZodType;
  /** Whether it changes what another may just be changing, and so needs If-Match. A comment takes nothing from anybody. */
  readonly needsRevision: boolean;
  readonly run: (db: Database, act: Act, body: unknown) => Promise<number>;
  /** The other incident that the body names; it must lie within the caller's divisions, as the one acted on. */
  readonly other?: (body: unknown) => string;
}

function action<B extends z.ZodType>(
  definition: Omit<Action, 'run' | 'body'> & {
    readonly body: B;
    readonly run: (db: Database, act: Act, body: z.output<B>) => Promise<number>;
  },
): Action {
  return { ...definition, run: (db, act, body) => definition.run(db, act, definition.body.parse(body)) };
}

const ACKNOWLEDGE = action({
  summary: 'Acknowledge: the first to do so owns it and is its first receiver (首问负责)',
  body: AcknowledgeBody,
  needsRevision: true,
  run: (db, act, body) => acknowledgeIncident(db, act, body.note),
});
const ASSIGN = action({
  summary: 'Offer it to another, who must accept it',
  body: AssignBody,
  needsRevision: true,
  run: (db, act, body) => assignIncident(db, act, body.to, body.note),
});
const ACCEPT = action({
  summary: 'Accept what was offered to you',
  body: AcceptBody,
  needsRevision: true,
  run: (db, act, body) => acceptIncident(db, act, body.note),
});
const DECLINE = action({
  summary: 'Decline what was offered to you, or take back what you offered',
  body: DeclineBody,
  needsRevision: true,
  run: (db, act, body) => declineIncident(db, act, body.note),
});
const COMMENT = action({
  summary: 'Add a comment',
  body: CommentBody,
  needsRevision: false,
  run: (db, act, body) => commentIncident(db, act, body.text),
});
const MERGE = action({
  summary: 'Merge it into another, in which it is worked on from now on',
  body: MergeBody,
  needsRevision: true,
  run: (db, act, body) => mergeIncident(db, act, body.into, body.note),
  other: (body) => MergeBody.parse(body).into,
});
const UNMERGE = action({
  summary: 'Take it out of the one it was merged into',
  body: UnmergeBody,
  needsRevision: true,
  run: (db, act, body) => unmergeIncident(db, act, body.note),
});
const SPLIT = action({
  summary: 'Make symptoms of an outage an incident each of their own; it is done within a second, not before the answer',
  body: SplitBody,
  needsRevision: true,
  run: (db, act, body) => splitIncident(db, act, body.objects, body.note),
});
const RESOLVE = action({
  summary: 'Resolve by hand an incident whose cause nobody sees any more',
  body: ResolveBody,
  needsRevision: true,
  run: (db, act, body) => resolveIncident(db, act, body.note),
});
const CLOSE = action({
  summary: 'Close a resolved incident with its cause and the party charged',
  body: CloseBody,
  needsRevision: true,
  run: (db, act, body) => closeIncident(db, act, body),
});
const REOPEN = action({
  summary: 'Reopen a closed incident',
  body: ReopenBody,
  needsRevision: true,
  run: (db, act, body) => reopenIncident(db, act, body.note),
});

const ESCALATE = action({
  summary: 'Ask the tier above to act on it too, with an owner and clocks of its own',
  body: EscalateBody,
  needsRevision: true,
  run: (db, act, body) => escalateIncident(db, act, body.note),
});
const HAND_DOWN = action({
  summary: 'Offer it to a node that reports here, where a person must accept it',
  body: HandDownBody,
  needsRevision: true,
  run: (db, act, body) => handDownIncident(db, act, body),
});
const WITHDRAW_HAND_DOWN = action({
  summary: 'Take back what was offered to a node below and is not accepted yet',
  body: WithdrawHandDownBody,
  needsRevision: true,
  run: (db, act, body) => withdrawHandDown(db, act, body.note),
});
const ACCEPT_HAND_OVER = action({
  summary: 'Accept what the tier above offered',
  body: AcceptHandOverBody,
  needsRevision: true,
  run: (db, act, body) => acceptHandOver(db, act, body.note),
});
const DECLINE_HAND_OVER = action({
  summary: 'Decline what the tier above offered',
  body: DeclineHandOverBody,
  needsRevision: true,
  run: (db, act, body) => declineHandOver(db, act, body.note),
});

/** The acts on incidents. The use cases write what belongs together in one transaction, the audit too. */
export function registerIncidentActions(app: App, context: RouteContext): void {
  registerAction(app, context, 'acknowledge', ACKNOWLEDGE);
  registerAction(app, context, 'assign', ASSIGN);
  registerAction(app, context, 'accept', ACCEPT);
  registerAction(app, context, 'decline', DECLINE);
  registerAction(app, context, 'comment', COMMENT);
  registerAction(app, context, 'merge', MERGE);
  registerAction(app, context, 'unmerge', UNMERGE);
  registerAction(app, context, 'split', SPLIT);
  registerAction(app, context, 'resolve', RESOLVE);
  registerAction(app, context, 'close', CLOSE);
  registerAction(app, context, 'reopen', REOPEN);
  registerAction(app, context, 'escalate', ESCALATE);
  registerAction(app, context, 'hand-down', HAND_DOWN);
  registerAction(app, context, 'withdraw-hand-down', WITHDRAW_HAND_DOWN);
  registerAction(app, context, 'accept-hand-over', ACCEPT_HAND_OVER);
  registerAction(app, context, 'decline-hand-over', DECLINE_HAND_OVER);
}

const config = { access: 'operate' as const, auditsItself: true };

function registerAction(app: App, { database, clock }: RouteContext, name: string, definition: Action): void {
  const description = definition.needsRevision ? 'Needs If-Match.' : 'Takes If-Match.';
  app.post(
    `/api/v1/incidents/:id/${name}`,
    {
      config,
      // No body at all stands for an empty one.
      preValidation: async (request) => {
        request.body ??= {};
      },
      schema: {
        ...describe('incidents', definition.summary, 'operate', description),
        params: UuidParams,
        body: definition.body,
        response: { 200: IncidentDetail },
      },
    },
    async (request, reply) => {
      const { divisions, name: actor } = principalOf(request);
      const { id } = request.params;
      const head = await findIncidentHead(database, id, divisions);
      if (!head) throw notFound('incident');
      const other = definition.other?.(request.body);
      if (other !== undefined && !(await findIncidentHead(database, other, divisions))) {
        throw badField('body', 'into', 'there is no such incident within your divisions', 'the id of an incident');
      }
      const asked = definition.needsRevision || request.headers['if-match'] !== undefined;
      const revision = asked ? expectedRevision(request) : null;
      const act: Act = { incident: id, actor, source: request.ip, revision, now: clock.now() };
      setRevision(reply, await definition.run(database, act, request.body).catch((error: unknown) => rethrow(error, head.revision)));
      const incident = await findIncident(database, { id }, divisions, clock.now());
      if (!incident) throw notFound('incident');
      return incident;
    },
  );
}

function rethrow(error: unknown, revision: number): never {
  if (!(error instanceof WorkflowFault)) throw error;
  if (error.code === 'revision-changed') throw staleRevision(revision);
  if (error.code === 'incident-unknown') throw notFound('incident');
  throw new ApiProblem(409, error.code, error.message);
}
