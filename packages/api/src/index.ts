export * from './configuration/schema.ts';
export * from './scan-report/schema.ts';
