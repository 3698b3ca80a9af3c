export * from './cases.ts';
export * from './report-format.ts';
export * from './sample-report.ts';
export * from './shared.ts';
export * from './tree.ts';
