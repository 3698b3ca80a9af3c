import { json } from './json/json.ts';
import { pretty } from './pretty/pretty.ts';
import type { ReportFormat } from './report-format.ts';

/** Every report format; the first is the one for people. */
export const REPORT_FORMATS: readonly ReportFormat[] = [pretty, json];
