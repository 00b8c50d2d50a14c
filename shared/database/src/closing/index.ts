export type { BundleSeal, EvidenceSigner } from './bundle.ts';
export * from './close.ts';
export * from './examine.ts';
export { type JudgedPeriod, readContext, readMemberEvidence } from './facts.ts';
export * from './list.ts';
export { type ClosedFigure, type ClosedMember, findClosedFigure, foldClosed, readClosedFigure, readClosedMembers } from './read.ts';
export * from './stretches.ts';
