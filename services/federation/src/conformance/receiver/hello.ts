/** Chapter 6: hello. */
import type { FederationCode } from '@beacontower/contracts';
import { type Case, must } from '../case.ts';
import { refused } from '../wire.ts';
import type { ReceiverContext } from './probe.ts';

const TEN_MINUTES = 600_000;

export const HELLO_CASES: readonly Case<ReceiverContext>[] = [
  {
    id: 'hello.answer',
    chapter: 6,
    rule: {
      en: 'hello is answered with the version, the clock offset, limits, and no place of a log that is new',
      zh: 'hello 应答含版本、时钟偏差、限额；新日志无续传位置',
    },
    async run({ probe }) {
      const { protocol, offsetMs, resume, certificate, limits } = await probe.greet();
      must(protocol === 1, `agreed on version ${protocol}`);
      must(resume === null, 'a place is applied of a log that is new');
      must(limits.lines <= 5_000 && limits.bytes <= 16_777_216 && limits.lineBytes <= 524_288, 'limits above those of the protocol');
      must(Math.abs(offsetMs) < 30_000, `an offset of ${offsetMs} ms between clocks that agree`);
      return `version ${protocol}, offset ${offsetMs} ms, certificate until ${new Date(certificate.notAfter).toISOString()}`;
    },
  },
  {
    id: 'hello.again',
    chapter: 6,
    rule: { en: 'hello said again is answered alike', zh: '重复 hello，应答相同' },
    async run({ probe }) {
      const { resume } = await probe.greet();
      must(resume === null, 'a place is applied of a log that is new');
      return 'answered alike';
    },
  },
  {
    id: 'hello.unknown-words',
    chapter: 6,
    rule: { en: 'capabilities and members that are not known are passed over', zh: '忽略未知能力与未知成员' },
    async run({ probe }) {
      await probe.greet({ capabilities: ['transitions', 'hologram'], holograms: { many: true } });
      return 'passed over';
    },
  },
  {
    id: 'hello.version-highest',
    chapter: 6,
    rule: { en: 'the highest version in common is chosen', zh: '选用共同支持的最高版本' },
    async run({ probe }) {
      const { protocol } = await probe.greet({ protocols: [999, 1] });
      must(protocol === 1, `agreed on version ${protocol}`);
      return `version ${protocol}`;
    },
  },
  {
    id: 'hello.version-future',
    chapter: 6,
    rule: { en: 'a version of the future is refused, and those spoken are named', zh: '拒绝未来版本，并告知所支持的版本' },
    async run({ probe }) {
      const { supported } = refused(await probe.sayHello({ protocols: [999] }), 'version-unsupported');
      must(supported?.includes(1) === true, 'the versions spoken are not named');
      return `version-unsupported, supported ${supported.join(', ')}`;
    },
  },
  clockCase('hello.clock-ahead', TEN_MINUTES, {
    en: 'a clock ten minutes ahead is refused, with the offset',
    zh: '时钟快十分钟被拒绝，并告知偏差',
  }),
  clockCase('hello.clock-behind', -TEN_MINUTES, {
    en: 'a clock ten minutes behind is refused, with the offset',
    zh: '时钟慢十分钟被拒绝，并告知偏差',
  }),
  badHello(
    'hello.other-node',
    'certificate-foreign',
    { node: 'some-other-node' },
    { en: 'a node named other than in the certificate is refused', zh: '节点标识与证书不符被拒绝' },
  ),
  badHello(
    'hello.other-division',
    'out-of-scope',
    { division: 'cn' },
    { en: 'a division other than in the certificate is refused', zh: '区划与证书不符被拒绝' },
  ),
  badHello(
    'hello.invalid',
    'message-invalid',
    { incarnation: 'first' },
    { en: 'a hello that is not of its schema is refused', zh: '不符合结构的 hello 被拒绝' },
  ),
];

function clockCase(id: string, offset: number, rule: Case<never>['rule']): Case<ReceiverContext> {
  return {
    id,
    chapter: 6,
    rule,
    async run({ probe, now }) {
      const { offsetMs } = refused(await probe.sayHello({ time: now() + offset }), 'clock-off');
      must(offsetMs !== undefined && Math.abs(offsetMs - offset) < 30_000, `said to be off by ${offsetMs} ms instead of ${offset}`);
      return `clock-off, offset ${offsetMs} ms`;
    },
  };
}

function badHello(id: string, code: FederationCode, changes: Record<string, unknown>, rule: Case<never>['rule']): Case<ReceiverContext> {
  return {
    id,
    chapter: 6,
    rule,
    run: async ({ probe }) => {
      const { status, code: seen } = refused(await probe.sayHello(changes), code);
      return `${status} ${seen}`;
    },
  };
}
