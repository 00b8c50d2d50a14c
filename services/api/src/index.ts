export { buildApp } from './app.ts';
export { type ApiConfig, type ApiOptions, apiConfig, type LiveConfig } from './config.ts';
export type { ApiDeps, App } from './context.ts';
export { type Api, createApi } from './server.ts';
