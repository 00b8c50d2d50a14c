export * from './held-back.ts';
export * from './lockout.ts';
export * from './password.ts';
export * from './session-life.ts';
export * from './session-stage.ts';
