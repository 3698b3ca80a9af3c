export * from './scan-report/schema.ts';
