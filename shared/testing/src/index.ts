export * from './database.ts';
export * from './fake-clock.ts';
export * from './influxdb.ts';
export * from './services.ts';
export * from './smtp-receiver.ts';
export * from './snmp/index.ts';
export * from './wait.ts';
export * from './webhook-receiver.ts';
