import type { SelfFinding } from '@beacontower/contracts';
import type { Language } from '../../i18n/language.tsx';

/** What to do about each finding, in a line. Chinese, English. */
const ADVICE: Readonly<Record<SelfFinding['code'], readonly [string, string]>> = {
  'redis-silent': [
    '检查 Redis 进程与内存、磁盘；外接的请检查网络与地址。',
    'Look at the Redis process, its memory and disk; at the network if it is external.',
  ],
  'database-silent': [
    '检查 PostgreSQL 进程与磁盘余量；外接的请检查网络与账号。',
    'Look at PostgreSQL and its disk; at network and account if it is external.',
  ],
  'watchdog-silent': [
    '看进程 report 的日志；节点仍在时会自动重启它。',
    'Read the log of the process "report"; the supervisor starts it again.',
  ],
  'role-silent': [
    '看该角色所在进程的日志；多实例部署时确认至少有一个在运行。',
    'Read the log of its process; with several instances see that one runs.',
  ],
  'role-failed': ['看该角色的日志：它说明了原因。', 'Read the log of the role: it says why.'],
  'role-degraded': ['可先观察；持续不消失时看该角色的日志。', 'Watch it; if it stays, read the log of the role.'],
  'ticks-overdue': ['调度落后：检查机器负载与时钟。', 'The scheduler is behind: look at load and clock.'],
  'rounds-not-run': [
    '没有采集器取走轮次：检查该区采集器是否运行、能否连上 Redis。',
    'No collector takes the rounds: is one of that zone running, does it reach Redis?',
  ],
  'rounds-missed': [
    '采集能力不足：增加采集器或放宽间隔。缺失的时间记为未知。',
    'Too little capacity: add collectors or lengthen intervals. What was missed is unknown.',
  ],
  'rounds-waiting': ['采集能力不足：增加采集器或放宽间隔。', 'Too little capacity: add collectors or lengthen intervals.'],
  'vantage-blind': [
    '采集点自身可能断网：检查它的上联与参照目标。',
    'The vantage itself may be cut off: look at its uplink and its reference targets.',
  ],
  'judging-stalled': [
    '判定停滞：看进程 judge 的日志与数据库。状态不再更新。',
    'Judging stands still: read the log of "judge", look at the database. States do not change.',
  ],
  'judging-behind': ['判定落后：检查机器负载与数据库写入速度。', 'Judging is behind: look at load and at how fast the database writes.'],
  'samples-behind': [
    '样本写入落后：检查样本库与磁盘。状态判定不受影响。',
    'Samples are written late: look at their store and the disk. States are not affected.',
  ],
  'samples-dropped': [
    '样本已丢失：检查样本库容量；可用率不受影响，曲线会缺一段。',
    'Samples were lost: look at the store. Availability is not affected; curves have a gap.',
  ],
  'store-failing': [
    '样本库拒绝写入：看进程 store 的日志，检查磁盘与权限。',
    'The store of samples refuses: read the log of "store", look at disk and rights.',
  ],
  'alerts-stuck': [
    '告警没有处理：看进程 judge 的日志。请人工留意事件页。',
    'Alerts are not worked on: read the log of "judge", and watch the incidents yourself.',
  ],
  'deliveries-dead': [
    '有通知最终没有送达：到“通知”页查看并重发。',
    'Some notifications were given up: see Notifications, and send them again.',
  ],
  'clock-differs': ['校准时钟（NTP）：相差会使先后次序出错。', 'Set the clocks (NTP): differences upset the order of things.'],
  'disk-low': ['清理或扩容磁盘；可缩短样本保留时间。', 'Make room, or keep samples for a shorter time.'],
  'redis-evicts': ['将 Redis 的 maxmemory-policy 设为 noeviction。', 'Set maxmemory-policy of Redis to noeviction.'],
  'redis-full': ['扩大 Redis 内存，并检查是谁没有取走数据。', 'Give Redis more memory, and see who does not take what waits.'],
  'redis-not-persisting': [
    '检查 Redis 的 appendonly 与磁盘：重启会丢失未处理的数据。',
    'Look at appendonly of Redis and its disk: a restart would lose what waits.',
  ],
  'uplink-refused': [
    '上级拒收：看“节点”页中本节点的最近一次失败，按其代码处理；记录链不一致时用 beacontower federation restart-chain。',
    'The node above refuses: look at the last failure of this node under Nodes; where histories differ, beacontower federation restart-chain.',
  ],
  'uplink-silent': [
    '连不上上级：检查线路、地址与防火墙。数据留存在本节点，恢复后自动补报。',
    'The node above is not reached: look at the line, the address, the firewall. Nothing is lost: it is sent later.',
  ],
  'uplink-behind': [
    '补报落后：线路过窄或限速过低；实时状态不受影响。',
    'Too thin a line, or too low a limit; the states of this moment go first.',
  ],
  'uplink-room': ['待报送的记录占用过多磁盘：恢复线路或扩容。', 'Lines that wait take much room: repair the line, or make room.'],
  'uplink-certificate': [
    '证书未能自动更新：看进程 federate 的日志；到期后须重新入网。',
    'It was not renewed by itself: read the log of "federate"; once it has ended the node has to join anew.',
  ],
  'node-silent': [
    '看该节点的失联事件，联系对方值班；其对象此时在本级不可见，不等于中断。',
    'Look at the incident of its link, call those on duty there. Its objects are unobserved from here, not down.',
  ],
  'node-refused': ['看“节点”页上的拒收代码，请对方按协议处理。', 'Look at the code under Nodes; those at the node have to act by it.'],
  'node-behind': [
    '其记录正在补报或已停滞：看“节点”页的进度。',
    'Its record is catching up, or stands still: look at its place under Nodes.',
  ],
  'node-differs': [
    '双方日汇总不一致：看“节点”页所列日期，由双方核对；系统不会自行改动。',
    'Days told differently: look at them under Nodes and compare; nothing is changed by itself.',
  ],
  'node-clock': ['请对方校正时钟；偏差过大将被拒收。', 'Have the clock there set: what is too far off is refused.'],
  'node-certificate': ['其证书即将到期而未更新：联系对方检查。', 'Its certificate ends soon and was not renewed: call those at the node.'],
};

/** What somebody should do about it. */
export function adviceOf(code: SelfFinding['code'], language: Language): string | null {
  return ADVICE[code]?.[language === 'zh' ? 0 : 1] ?? null;
}
