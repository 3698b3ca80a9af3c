import { github } from './github/github.ts';
import { htmlPage } from './html/html.ts';
import { json } from './json/json.ts';
import { junit } from './junit/junit.ts';
import { markdown } from './markdown/markdown.ts';
import { pretty } from './pretty/pretty.ts';
import type { ReportFormat } from './report-format.ts';
import { sarif } from './sarif/sarif.ts';

/** Every report format; the first is the one for people. */
export const REPORT_FORMATS: readonly ReportFormat[] = [
  pretty,
  json,
  sarif,
  github,
  junit,
  markdown,
  htmlPage,
];
