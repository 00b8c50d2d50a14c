/** The published cases for a sender when all is well. */
import { type Case, must } from '../case.ts';
import { caughtUp, type SenderContext, until } from './stage.ts';

export const SPOKEN_CASES: readonly Case<SenderContext>[] = [
  {
    id: 'sender.hello-first',
    chapter: 6,
    rule: {
      en: 'the first message of a node that is let in is hello: valid, of the node and the division of its certificate',
      zh: '入网后首条消息为 hello，有效且节点、区划与证书一致',
    },
    async run(context) {
      await until(context, () => context.centre.hellos.length > 0, 'a hello');
      const { heard, hellos, options } = context.centre;
      const first = heard.find(({ call }) => !call.includes('/enrolments') && call !== 'GET /about');
      must(first?.call === 'POST /hello', `the first message was ${first?.call}`);
      const [hello] = hellos;
      must(first.status === 200, `its hello was refused (${first.status})`);
      must(hello?.protocols.includes(1) === true, 'it does not offer version 1');
      must(Math.abs((hello?.time ?? 0) - options.now()) < context.patienceMs + 60_000, 'its clock is off');
      return `${hello.software.name} ${hello.software.version}: ${hello.capabilities.join(', ')}`;
    },
  },
  {
    id: 'sender.log',
    chapter: 7,
    rule: { en: 'its log begins with its incarnation, and comes to its end', zh: '日志自世代声明开始，并送达末尾' },
    async run(context) {
      await caughtUp(context);
      const { end, kinds } = context.centre.record;
      return `${end.sequence} lines: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}`;
    },
  },
  {
    id: 'sender.snapshot',
    chapter: 11,
    rule: { en: 'snapshots come as often as they are wanted, each with a higher version', zh: '快照按要求的间隔发送，版本递增' },
    async run(context) {
      const { record } = context.centre;
      const before = record.snapshots.length;
      await until(context, () => record.snapshots.length >= before + 3, 'three snapshots');
      return `${record.snapshots.length} snapshots, ${record.snapshots.at(-1)?.states.length} states in the last`;
    },
  },
];
