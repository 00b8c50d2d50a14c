/** The words of `beacontower federation`, in both languages. */
import type { EnrolmentView, Invitation, Language, ListedNode, UplinkView } from '@beacontower/contracts';
import type { LinkState } from '@beacontower/domain';
import { table } from './table.ts';

interface Words {
  readonly invited: (node: string, token: string, until: string) => string;
  readonly approved: (node: string) => string;
  readonly refused: (node: string) => string;
  readonly revoked: (node: string) => string;
  readonly asks: (parent: string, code: string) => string;
  readonly goesOn: string;
  readonly joined: (parent: string) => string;
  readonly wasRefused: (parent: string, reason: string | null) => string;
  readonly left: (parent: string) => string;
  readonly restarted: (parent: string) => string;
  readonly none: { readonly invitations: string; readonly requests: string; readonly nodes: string };
  readonly invitationHeadings: readonly string[];
  readonly requestHeadings: readonly string[];
  readonly nodeHeadings: readonly string[];
  readonly invitationStates: Readonly<Record<Invitation['state'], string>>;
  readonly requestStates: Readonly<Record<EnrolmentView['state'], string>>;
  readonly linkStates: Readonly<Record<LinkState, string>>;
  readonly self: string;
  readonly never: string;
  readonly uplinkStates: Readonly<Record<UplinkView['state'], (view: UplinkView) => string>>;
  readonly lines: (view: UplinkView) => string;
  readonly failure: (at: string, code: string, detail: string) => string;
}

export const FEDERATION_WORDS: Readonly<Record<Language, Words>> = {
  en: {
    invited: (node, token, until) =>
      `${token}\nshown this once, good until ${until}; at ${node}: beacontower federation join TOKEN\nthen let it in with the code that it shows: beacontower federation approve ${node} --code NNNN-NNNN`,
    approved: (node) => `${node} is let in: it fetches its certificate, and reports`,
    refused: (node) => `${node} is refused; its token is used up`,
    revoked: (node) => `${node} is put out: its certificates are good no more, its connections are cut; what it told stays`,
    asks: (parent, code) =>
      `asked ${parent} to be let in. Read this code out to a person there, by telephone:\n\n    ${code}\n\nwaiting; Ctrl-C ends this command, not the request`,
    goesOn: 'the node itself goes on asking; "beacontower federation status" shows how it stands',
    joined: (parent) => `let in: this node reports to ${parent}`,
    wasRefused: (parent, reason) => `${parent} refused: ${reason ?? 'no reason was given'}`,
    left: (parent) => `this node reports to ${parent} no more. Have it put out there: beacontower federation revoke`,
    restarted: (parent) => `a new chain was begun: ${parent} is told everything anew; what it was told before stays`,
    none: {
      invitations: 'nobody was invited yet: beacontower federation invite',
      requests: 'no request waits',
      nodes: 'this node has no configuration yet',
    },
    invitationHeadings: ['NODE', 'DIVISION', 'NAME', 'STATE', 'EXPIRES', 'BY'],
    requestHeadings: ['NODE', 'DIVISION', 'NAME', 'STATE', 'ASKED', 'FROM', 'SOFTWARE'],
    nodeHeadings: ['NODE', 'NAME', 'DIVISION', 'LINK', 'HEARD', 'RECORD UNTIL', 'VIA'],
    invitationStates: { open: 'open', used: 'used', expired: 'expired', withdrawn: 'withdrawn' },
    requestStates: { waiting: 'waits', approved: 'let in', refused: 'refused' },
    linkStates: { heard: 'heard', 'catching-up': 'catching up', silent: 'silent', awaited: 'awaited', removed: 'put out' },
    self: 'this node',
    never: 'never',
    uplinkStates: {
      none: () => 'this node reports to no other',
      enrolling: (view) => `asks ${view.parent ?? view.url} to be let in, with the code ${view.code ?? '-'}`,
      enrolled: (view) => `reports to ${view.parent ?? '?'} at ${view.url}; its certificate ends ${view.certificateEnds ?? '?'}`,
      left: (view) => `left ${view.parent ?? view.url}`,
    },
    lines: (view) =>
      `${view.acknowledged} of ${view.built} lines are there (${view.built - view.acknowledged} wait); last heard ${view.heardAt ?? 'never'}`,
    failure: (at, code, detail) => `since ${at}: ${code}: ${detail}`,
  },
  zh: {
    invited: (node, token, until) =>
      `${token}\n仅显示这一次，有效期至 ${until}；在 ${node} 上执行：beacontower federation join 令牌\n随后按其显示的校验码批准：beacontower federation approve ${node} --code NNNN-NNNN`,
    approved: (node) => `已批准 ${node} 接入：节点将取得证书并开始上报`,
    refused: (node) => `已拒绝 ${node}；其令牌作废`,
    revoked: (node) => `已移除 ${node}：证书立即吊销，连接已切断；已上报的数据保留`,
    asks: (parent, code) =>
      `已向 ${parent} 申请接入。请通过电话向对方人员念出校验码：\n\n    ${code}\n\n等待批准；Ctrl-C 仅结束本命令，不撤销申请`,
    goesOn: '节点自身会继续查询；beacontower federation status 显示进展',
    joined: (parent) => `已获准接入：本节点向 ${parent} 上报`,
    wasRefused: (parent, reason) => `${parent} 已拒绝：${reason ?? '未说明原因'}`,
    left: (parent) => `本节点不再向 ${parent} 上报。请对方执行 beacontower federation revoke 移除本节点`,
    restarted: (parent) => `已启用新的记录链：将向 ${parent} 重新上报全部内容；此前已上报的保留`,
    none: { invitations: '尚未邀请任何节点：beacontower federation invite', requests: '没有待处理的接入申请', nodes: '本节点尚无配置' },
    invitationHeadings: ['节点', '区划', '名称', '状态', '有效期至', '邀请人'],
    requestHeadings: ['节点', '区划', '名称', '状态', '申请时间', '来源', '软件'],
    nodeHeadings: ['节点', '名称', '区划', '链路', '最近消息', '记录截至', '经由'],
    invitationStates: { open: '未使用', used: '已使用', expired: '已过期', withdrawn: '已撤回' },
    requestStates: { waiting: '待批准', approved: '已批准', refused: '已拒绝' },
    linkStates: { heard: '正常', 'catching-up': '追补中', silent: '失联', awaited: '待接入', removed: '已移除' },
    self: '本节点',
    never: '从未',
    uplinkStates: {
      none: () => '本节点不向其他节点上报',
      enrolling: (view) => `正在申请接入 ${view.parent ?? view.url}，校验码 ${view.code ?? '-'}`,
      enrolled: (view) => `向 ${view.parent ?? '?'}（${view.url}）上报；证书有效期至 ${view.certificateEnds ?? '?'}`,
      left: (view) => `已退出 ${view.parent ?? view.url}`,
    },
    lines: (view) =>
      `已确认 ${view.acknowledged} / ${view.built} 条（待送 ${view.built - view.acknowledged} 条）；最近应答 ${view.heardAt ?? '从未'}`,
    failure: (at, code, detail) => `自 ${at}：${code}：${detail}`,
  },
};

export function invitationTable(items: readonly Invitation[], language: Language): string {
  const words = FEDERATION_WORDS[language];
  if (items.length === 0) return words.none.invitations;
  const rows = items.map((each) => [
    each.node,
    each.division,
    each.name,
    words.invitationStates[each.state],
    each.expiresAt,
    each.createdBy,
  ]);
  return table([words.invitationHeadings, ...rows]);
}

export function requestTable(items: readonly EnrolmentView[], language: Language): string {
  const words = FEDERATION_WORDS[language];
  if (items.length === 0) return words.none.requests;
  const rows = items.map((each) => [
    each.node,
    each.division,
    each.name,
    words.requestStates[each.state],
    each.requestedAt,
    each.source,
    each.software,
  ]);
  return table([words.requestHeadings, ...rows]);
}

export function nodeTable(items: readonly ListedNode[], language: Language): string {
  const words = FEDERATION_WORDS[language];
  if (items.length === 0) return words.none.nodes;
  const rows = items.map(({ id, name, division, link, watermark }) => [
    id,
    name,
    division,
    link === null ? words.self : words.linkStates[link.state],
    link === null ? '-' : (link.heardAt ?? words.never),
    watermark ?? '-',
    link?.via ?? '-',
  ]);
  return table([words.nodeHeadings, ...rows]);
}

/** The link to the node above, in a few lines. */
export function uplinkText(view: UplinkView, language: Language): string {
  const words = FEDERATION_WORDS[language];
  const lines = [words.uplinkStates[view.state](view)];
  if (view.state !== 'none') lines.push(words.lines(view));
  if (view.failure !== null) lines.push(words.failure(view.failure.at, view.failure.code, view.failure.detail));
  return lines.join('\n');
}
