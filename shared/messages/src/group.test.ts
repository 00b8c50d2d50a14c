import { NOTICE_STEPS } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { composeMail, composeMarkdown, composeShort, type Wording } from './compose.ts';
import { DIALECTS } from './markdown.ts';
import type { IncidentMessage } from './message.ts';
import { allSamples, sampleMessage } from './samples.ts';

const wording = (messages: readonly [IncidentMessage, ...IncidentMessage[]], more: Partial<Wording> = {}): Wording => ({
  messages,
  total: messages.length,
  language: 'zh',
  timeZone: 'Asia/Shanghai',
  diverted: null,
  channel: 'mail',
  template: null,
  ...more,
});

/** An alarm or an end of incident `number`. */
function numbered(number: number, step: 'opened' | 'resolved' = 'opened', severity: IncidentMessage['incident']['severity'] = 'critical') {
  const message = sampleMessage('outage', step, 'zh');
  return { ...message, id: `${step}${number}`, incident: { ...message.incident, id: `i${number}`, number, severity } };
}

describe('a message about several incidents', () => {
  it('names each in a line, what goes on first and the most severe first, and counts the rest', () => {
    const messages = [numbered(1, 'resolved'), numbered(2, 'opened', 'minor'), numbered(3)] as const;
    const { subject, text } = composeMail(wording([...messages]));
    expect(subject).toBe('[告警 · 紧急] 3 个事件：2 个进行中，1 个已结束');
    expect(text.match(/#\d+/g)).toEqual(['#3', '#2', '#1']);
    expect(text).toContain('[恢复] 电路 广州-深圳 100G 中断 #1 · 广东省 · 2026-11-22 10:40:05 · 历时 1 小时 12 分');
    const counted = composeMail(wording([...messages], { total: 40, language: 'en' }));
    expect(counted.subject).toContain('40 incidents');
    expect(counted.text).toContain('and 37 more');
    expect(counted.html).toContain('and 37 more');
  });

  it('tells an alarm and its end as one', () => {
    const { subject, text } = composeMail(wording([numbered(1), numbered(1, 'resolved')]));
    expect(subject).toBe('[恢复] 电路 广州-深圳 100G 中断 #1');
    expect(text).toContain('告警在发出之前事件已经结束，现一并通知。');
    const several = composeMail(wording([numbered(1, 'resolved'), numbered(1), numbered(2)])).text;
    expect(several.match(/#\d+/g)).toEqual(['#2', '#1']);
    expect(several).toContain('含告警');
  });

  it('fits every medium, and whatever does not fit is counted', () => {
    const [first, ...others] = Array.from({ length: 300 }, (_, number) => numbered(number));
    const many = wording([first ?? numbered(0), ...others]);
    for (const dialect of DIALECTS) {
      const { markdown } = composeMarkdown(many, dialect, 2_000);
      expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(2_000);
      const named = markdown.match(/●/g)?.length ?? 0;
      expect(markdown).toContain(`另有 ${300 - named} 个`);
    }
    const short = composeShort(many, 200).text;
    expect([...short].length).toBeLessThanOrEqual(200);
    expect(short).toMatch(/另有 29\d 个。$/);
  });
});

describe('a message about one incident', () => {
  it.each(NOTICE_STEPS)('says in both languages what %s means', (step) => {
    const [zh, en] = (['zh', 'en'] as const).map((language) =>
      composeMail(wording([sampleMessage('outage', step, language)], { language })),
    );
    expect(zh?.subject).toMatch(/^\[\p{Script=Han}+( · 紧急)?\] 电路 广州-深圳 100G 中断 #42$/u);
    expect(en?.subject).toMatch(/^\[[A-Z][a-z -]+( · critical)?\] Circuit Guangzhou-Shenzhen 100G down #42$/);
    expect(zh?.text).not.toMatch(/undefined|null/);
    expect(en?.text).not.toMatch(/undefined|null/);
  });

  it.each([
    [
      'unacknowledged',
      '已持续 7 秒，无人确认，现按升级策略“backbone”第 2 步通知。',
      'nobody has acknowledged it: step 2 of the escalation "backbone".',
    ],
    ['assigned', 'wang.wu 请 li.si 接手处理。备注：OTDR', 'wang.wu asks li.si to take it over. Note: OTDR'],
    ['respond-soon', '须在 2026-11-22 10:55:12 (UTC+8) 之前响应。', 'Somebody must answer for it by 2026-11-22 10:55:12 (UTC+8).'],
    ['repair-late', '修复时限 2026-11-22 14:40:12 (UTC+8) 已过。', 'It was to be repaired by 2026-11-22 14:40:12 (UTC+8).'],
    ['duty', '值班表“noc”交接班：该事件已持续 7 秒，尚未结束。', 'Your duty in the rota "noc" begins while it goes on; it has lasted 7 s.'],
    ['merged', '已并入事件 #41，后续请见该事件。', 'Merged into incident #41; what comes next is told there.'],
  ] as const)('%s says why it comes now', (step, zh, en) => {
    expect(composeMail(wording([sampleMessage('outage', step, 'zh')])).text).toContain(zh);
    expect(composeMail(wording([sampleMessage('outage', step, 'en')], { language: 'en' })).text).toContain(en);
  });

  it('says whom it cut off and who only lost redundancy, by when it is due, and whom to call', () => {
    const { text } = composeMail(wording([sampleMessage('outage', 'opened', 'zh')]));
    expect(text).toContain('中断影响: 3 个接入单位、共 4 个对象：接入单位 1 专线、接入单位 2 专线、接入单位 3 专线 等\n');
    expect(text).toContain('失去冗余: 1 个接入单位、1 项业务、共 2 个对象：接入单位 8 专线 等\n');
    expect(text).toContain('修复时限: 2026-11-22 14:40:12 (UTC+8)\n');
    expect(text).toContain('电路编号: GZ-SZ-100G-0017\n报障电话: 10000\n处置手册: https://');
    const en = composeShort(wording([sampleMessage('outage', 'opened', 'en')], { language: 'en' }), 500).text;
    expect(en).toContain('Guangdong, began 2026-11-22 10:40:05, carrier China Telecom, circuit number GZ-SZ-100G-0017, hotline 10000.');
  });

  it('tells a condition with its value and limits, and flapping with what follows from it', () => {
    const condition = composeMail(wording([sampleMessage('condition', 'opened', 'en')], { language: 'en' }));
    expect(condition.text).toContain('Utilisation 92.3%, above 90% for 5 min.');
    expect(condition.text).toContain('Cleared at: 80%');
    expect(composeMail(wording([sampleMessage('condition', 'resolved', 'zh')])).subject).toMatch(/^\[告警解除\]/);
    const flapping = composeMail(wording([sampleMessage('flapping', 'opened', 'zh')])).text;
    expect(flapping).toContain('最近 20 轮探测中状态变化 8 次（加权 42%）；降至 25% 以下之前，其通断照常记录，不再逐次告警。');
  });

  it('says by which channel it should have come, and why it did not', () => {
    const diverted = { channel: 'robot', why: 'the robot answered 93000.' };
    const message = sampleMessage('outage', 'opened', 'zh');
    expect(composeMail(wording([message], { diverted })).text).toContain(
      '通道“robot”不可用（the robot answered 93000），本消息改由“mail”发送。',
    );
    expect(composeShort(wording([message], { diverted, language: 'en', channel: 'sms' }), 500).text).toContain(
      'Sent by "sms" because "robot" is down: the robot answered 93000.',
    );
  });

  it('of every kind and step fits every medium', () => {
    for (const language of ['zh', 'en'] as const) {
      for (const message of allSamples(language)) {
        const one = wording([message], { language });
        for (const dialect of DIALECTS) expect(Buffer.byteLength(composeMarkdown(one, dialect, 900).markdown)).toBeLessThanOrEqual(900);
        expect([...composeShort(one, 60).text].length).toBeLessThanOrEqual(60);
      }
    }
  });
});
