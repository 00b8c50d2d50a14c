/** One row of a device's interface table: names, and what does not change from poll to poll. The wire's `SeenInterface`. */
export interface TableRow {
  /** ifIndex; it may be another after a restart. */
  readonly index: number;
  /** What the interface is known by within its device (`uniqueNames`). */
  readonly name: string;
  readonly alias: string;
  readonly descr: string;
  /** IANAifType. */
  readonly type: number;
  /** ifHighSpeed, Mbit/s; 0 when the device does not say. */
  readonly speed: number;
}

/** SNMPv2-MIB system group, as a device tells of itself; empty strings where it says nothing. */
export interface SystemFacts {
  readonly descr: string;
  readonly objectId: string;
  readonly name: string;
  readonly location: string;
  readonly contact: string;
}
