import type { ScanReport } from '@bulwark/core';
import { inChunks } from '../chunks.ts';
import { cutBy } from '../limit.ts';
import { defineFormat, type ReportOptions } from '../report-format.ts';
import { type Outcome, printCase } from './cases.ts';
import { LIMIT, type Suite, suitesOf } from './suites.ts';
import { attributes } from './xml.ts';

/** Test results for build servers. What fails the scan fails here, and nothing else does; the rest tells in its output. */
export const junit = defineFormat({
  id: 'junit',
  title: 'JUnit XML, which GitLab, Jenkins and GitHub show as test results',
  cut: ({ findings }, options) => cutBy(LIMIT, findings.length, options),
  write: (report, options) => inChunks(lines(report, options)),
});

function* lines(report: ScanReport, options: ReportOptions): Generator<string> {
  const suites = [...suitesOf(report, options)];
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  // The schema by which a plugin of Jenkins refuses files knows `skipped` for each suite, and not for all of them.
  const { skipped: _ofEach, ...counts } = countsOf(suites);
  yield `<testsuites${attributes({ name: 'bulwark', ...counts, time: 0 })}>\n`;
  for (const suite of suites) {
    yield `  <testsuite${attributes({ name: suite.name, ...countsOf([suite]), time: 0 })}>\n`;
    // The dot makes Jenkins put all of it into one package.
    for (const each of suite.cases()) yield printCase(`bulwark.${suite.id}`, each);
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

function countsOf(
  suites: readonly Suite[],
): Readonly<Record<'tests' | 'failures' | 'errors' | 'skipped', number>> {
  const sum = (...outcomes: readonly Outcome[]): number =>
    suites.reduce((total, { counts }) => outcomes.reduce((all, each) => all + counts[each], total), 0);
  return {
    tests: sum('failure', 'error', 'skipped', 'passed'),
    failures: sum('failure'),
    errors: sum('error'),
    skipped: sum('skipped'),
  };
}
