export * from './judge.ts';
export * from './mail.ts';
export * from './result.ts';
export * from './secrets.ts';
