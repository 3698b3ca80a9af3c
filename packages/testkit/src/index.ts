export * from './cases.ts';
export * from './shared.ts';
