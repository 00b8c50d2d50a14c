/** The uplink of a node as a process of its own, to be killed: what it needs comes as JSON on its standard input. */
import { text } from 'node:stream/consumers';
import { createDatabase } from '@beacontower/database';
import { uplinkOf } from '../federation.fixture.ts';

const { url, node, division, parent } = JSON.parse(await text(process.stdin));
const database = createDatabase({ url, applicationName: 'uplink', maxConnections: 6, onError: () => undefined });
const uplink = await uplinkOf({ node, database }, division, parent, { ttlMs: 2_000 });
await uplink.start();
