/** Whether anchors can prove anything: one on the probing machine itself answers also when the network is gone. */
import ipaddr from 'ipaddr.js';
import type { ObjectBody } from '../entities.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';

const isLoopback = (address: string) => ipaddr.isValid(address) && ipaddr.parse(address).range() === 'loopback';

/** Warns of each loopback anchor of a zone from which anything but this machine is watched. */
export function checkAnchors(around: Surroundings, objects: readonly ObjectBody[]): void {
  const outward = new Set(
    objects.flatMap(({ checks }) =>
      checks.flatMap((check) => (check.kind === 'interface' || isLoopback(check.address) ? [] : [check.zone])),
    ),
  );
  for (const item of around.collected.items.zones) {
    if (item.id === null || !outward.has(item.id)) continue;
    item.value?.anchors?.forEach((anchor, i) => {
      if (isLoopback(anchor)) around.faults.push(item.document.fault([...item.path, 'anchors', i], OWN_ANCHOR));
    });
  }
}

const OWN_ANCHOR: Complaint = {
  severity: 'warning',
  code: 'anchor-of-this-machine',
  problem: text(
    'this anchor is the machine that probes: it answers even when the network is gone, and everything would be called down',
    '该锚点就是探测机本身：网络中断时它仍会应答，全部对象都会被判为中断',
  ),
  expected: text('an address near the vantage, but beyond its own network card', '探测点附近、但在本机网卡之外的地址'),
};
