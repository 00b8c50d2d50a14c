/** Chapter 9: a node speaks for its own division, and for its own objects. */

import type { Said } from '../../protocol/chain.ts';
import type { BothWords, Case } from '../case.ts';
import { refused } from '../wire.ts';
import type { Probe, ReceiverContext } from './probe.ts';
import { incident, introduction, maintenance, outage, reclassification, rollup, transition } from './samples.ts';

const FOREIGN = 'some-other-node:core';
const stretch = (probe: Probe) => ({ startsAt: probe.day(47), endsAt: probe.day(46) });
const own = (probe: Probe) => probe.object('scope');

/** A division that is nobody's here: beside the sender's, not below it. */
const beside = ({ identity }: Probe) => `${identity.division}-beside`;

export const SCOPE_CASES: readonly Case<ReceiverContext>[] = [
  foreign('scope.object', { en: 'an object of another node', zh: '其他节点的对象' }, (probe) => introduction(probe, FOREIGN)),
  foreign('scope.division', { en: 'an object in another division', zh: '其他区划的对象' }, (probe) =>
    introduction(probe, own(probe), { division: beside(probe) }),
  ),
  foreign('scope.division-prefix', { en: 'a division that only begins with the same letters', zh: '仅前缀相同的区划' }, (probe) =>
    introduction(probe, own(probe), { division: `${probe.identity.division}x` }),
  ),
  foreign('scope.member', { en: 'a composite of an object of another node', zh: '组合对象含其他节点的成员' }, (probe) =>
    introduction(probe, own(probe), { combines: { rule: { require: 'any' }, of: [FOREIGN] } }),
  ),
  foreign('scope.transition', { en: 'a transition of another node’s object', zh: '其他节点对象的状态变化' }, (probe) =>
    transition(probe, FOREIGN, 'up', 'down', probe.day(47)),
  ),
  foreign('scope.check', { en: 'a transition of a check of another node’s object', zh: '其他节点对象的检查的状态变化' }, (probe) => {
    const { kind, payload, eventAt, recordedAt } = transition(probe, own(probe), 'up', 'down', probe.day(47));
    return { kind, payload: { ...payload, check: `${FOREIGN}/icmp4` }, eventAt, recordedAt } as Said;
  }),
  foreign('scope.revision', { en: 'a revision of another node’s object', zh: '其他节点对象的修订' }, (probe) =>
    probe.said(
      'revision',
      { object: FOREIGN, check: null, resolutionMs: 0, from: probe.day(47), to: null, transitions: [] },
      probe.day(47),
    ),
  ),
  foreign('scope.outage', { en: 'an outage of another node’s object', zh: '其他节点对象的中断' }, (probe) =>
    outage(probe, FOREIGN, probe.day(47), null),
  ),
  foreign('scope.maintenance', { en: 'planned work on another node’s object', zh: '其他节点对象的计划工作' }, (probe) =>
    maintenance(probe, FOREIGN, stretch(probe)),
  ),
  foreign('scope.reclassification', { en: 'a restatement of another node’s object', zh: '其他节点对象的重新归类' }, (probe) =>
    reclassification(probe, FOREIGN, stretch(probe)),
  ),
  foreign('scope.rollup', { en: 'a roll-up of another division', zh: '其他区划的汇总' }, (probe) => rollup(probe, beside(probe))),
  foreign('scope.incident', { en: 'an incident in another division', zh: '其他区划的事件' }, (probe) => {
    const { kind, payload, eventAt, recordedAt } = incident(probe, own(probe), probe.day(47)) as Extract<Said, { kind: 'incident' }>;
    const facts = { ...payload.incident, division: beside(probe) };
    return { kind, payload: { ...payload, incident: facts }, eventAt, recordedAt };
  }),
  foreign('scope.node-division', { en: 'a node below, in another division', zh: '其他区划的下级节点' }, (probe) =>
    probe.said('node', below(probe, 'conformance-below', beside(probe))),
  ),
  foreign('scope.node-via', { en: 'a node that reports to somebody else', zh: '向其他节点汇报的节点' }, (probe) =>
    probe.said('node', { ...below(probe, 'conformance-below', probe.identity.division), via: 'some-other-node' }),
  ),
  {
    id: 'scope.receiver',
    chapter: 9,
    rule: { en: 'the receiver’s own id as that of a node below is out of scope', zh: '以接收方自身标识充当下级节点，超出范围' },
    async run({ probe }) {
      const { node } = await probe.greet();
      return tryForeign(probe, probe.said('node', below(probe, node, probe.identity.division)));
    },
  },
  {
    id: 'scope.relayed',
    chapter: 9,
    rule: { en: 'a node that was introduced below the sender may be spoken of', zh: '已引入的下级节点可以代为汇报' },
    async run({ probe }) {
      const id = `${probe.identity.node.slice(0, 50)}-below`;
      const object = `${id}:line`;
      await probe.tell(
        probe.said('node', below(probe, id, probe.identity.division)),
        introduction(probe, object),
        transition(probe, object, 'unknown', 'up', probe.day(47)),
      );
      return `${id} is spoken of`;
    },
  },
];

function below({ identity }: Probe, id: string, division: string) {
  return { id, name: '下级', nameEn: null, division, timeZone: 'Asia/Shanghai', via: identity.node };
}

async function tryForeign(probe: Probe, said: Said): Promise<string> {
  const { status, code } = refused(await probe.sendLines(probe.next(said)), 'out-of-scope');
  return `${status} ${code}`;
}

function foreign(id: string, what: BothWords, said: (probe: Probe) => Said): Case<ReceiverContext> {
  const rule = { en: `${what.en} is out of scope`, zh: `${what.zh}，超出范围` };
  return { id, chapter: 9, rule, run: ({ probe }) => tryForeign(probe, said(probe)) };
}
