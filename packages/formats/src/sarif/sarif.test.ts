import { readFileSync } from 'node:fs';
import { coverage, type Exception, type Finding, type Json, type ScanReport } from '@bulwark/core';
import {
  bigReport,
  emptyReport,
  SAMPLE_CONTROLS,
  sampleFinding,
  sampleRank,
  sampleReport,
  sharedPath,
  smallReport,
} from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { schemaFaults } from './draft-4.ts';
import { sarif } from './sarif.ts';

const OPTIONS = { width: 80, color: false, showAll: false, failOn: 'high', command: 'bulwark scan' } as const;
const EXCEPTION: Exception = {
  origin: 'configuration',
  source: 'bulwark.yaml:4',
  scope: {},
  reason: 'The agent reads every process, see [the page](https://example.com).',
  owner: 'platform',
  until: '2027-01-31',
};

/** As much of a log as the tests look at. */
interface Run {
  readonly tool: {
    readonly driver: {
      readonly rules: readonly Rule[];
      readonly notifications: readonly unknown[];
      readonly supportedTaxonomies: unknown;
    };
  };
  readonly taxonomies: readonly {
    readonly name: string;
    readonly taxa: readonly { readonly id: string }[];
  }[];
  readonly results: readonly Result[];
  readonly invocations: readonly { readonly toolExecutionNotifications: readonly unknown[] }[];
  readonly properties: Readonly<Record<string, unknown>>;
}
interface Rule {
  readonly id: string;
  readonly help: { readonly text: string; readonly markdown: string };
  readonly relationships?: readonly {
    readonly target: {
      readonly id: string;
      readonly index: number;
      readonly toolComponent: { readonly index: number };
    };
  }[];
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex?: number;
  readonly rank?: number;
  readonly locations: readonly [{ readonly physicalLocation?: { readonly artifactLocation: unknown } }];
  readonly suppressions?: readonly unknown[];
}

function textOf(report: ScanReport, showAll = false): string {
  return [...sarif.write(report, { ...OPTIONS, showAll })].join('');
}

function runOf(report: ScanReport, showAll = false): Run {
  const { runs } = JSON.parse(textOf(report, showAll)) as { runs: readonly [Run] };
  return runs[0];
}

function inFile(file: string, message = 'It is bad.'): Finding {
  const [control] = SAMPLE_CONTROLS;
  if (control === undefined) throw new Error('there are no sample controls');
  return sampleFinding({ control, message, name: 'web', file });
}

function decidedReport(): ScanReport {
  const [first, second, ...others] = smallReport().findings;
  if (first === undefined || second === undefined) throw new Error('the small report has too few findings');
  const requested = { ...EXCEPTION, reason: 'We need it.', isRequest: true };
  return sampleReport([{ ...first, exception: EXCEPTION }, { ...second, requested }, ...others]);
}

function hostileReport(): ScanReport {
  const evil = '\u001b[31m\r\n\u202e\ud800 %41 ?#[x](http://evil)<script>##vso[x]';
  const lost = [coverage('invalid-yaml', evil, { file: `${evil}.yaml`, line: 1 })];
  return sampleReport([inFile(`${evil}/a.yaml`, evil)], { coverage: lost, inputs: [evil] });
}

describe('the SARIF log', () => {
  const schema = sharedPath('conformance', 'schemas', 'sarif-2.1.0.json');
  const known = schema === undefined ? {} : (JSON.parse(readFileSync(schema, 'utf8')) as Json);

  it.skipIf(schema === undefined).each([
    { name: 'empty', report: emptyReport() },
    { name: 'small', report: smallReport() },
    { name: 'decided', report: decidedReport() },
    { name: 'hostile', report: hostileReport() },
    { name: 'big', report: bigReport(200) },
  ])('fits the schema of OASIS, which lies in shared/ beside the checkout: $name', ({ report }) => {
    for (const showAll of [false, true])
      expect(schemaFaults(known, JSON.parse(textOf(report, showAll)) as Json)).toEqual([]);
  });

  it.skipIf(schema === undefined)('would not fit the schema with a level that does not exist', () => {
    const text = textOf(smallReport()).replace('"level":"error"', '"level":"fatal"');

    expect(schemaFaults(known, JSON.parse(text) as Json)).not.toEqual([]);
  });

  it('lists every control that ran as a rule, and points from results to rules', () => {
    const { tool, results } = runOf(smallReport());
    const { rules } = tool.driver;

    expect(rules.map(({ id }) => id)).toEqual(SAMPLE_CONTROLS.map(({ id }) => id));
    expect(results).toHaveLength(7);
    for (const { ruleId, ruleIndex } of results) expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId);
  });

  it('ranks results by the points of their root cause, from 0 to 100', () => {
    const [first] = smallReport().findings;
    const ranked = (points: number) =>
      runOf(
        sampleReport(first === undefined ? [] : [first], {
          ranks: new Map([['sample-privileged', sampleRank([['a line', points]])]]),
        }),
        true,
      ).results.map(({ rank }) => rank);

    expect([ranked(66), ranked(131), ranked(-4)]).toEqual([[66], [100], [0]]);
    expect(runOf(sampleReport(first === undefined ? [] : [first])).results[0]).not.toHaveProperty('rank');
  });

  it('points to no rule from a finding whose control is not listed', () => {
    const [result] = runOf(sampleReport([inFile('a.yaml')], { controls: [] })).results;

    expect(result).toMatchObject({ ruleId: 'sample-privileged' });
    expect(result).not.toHaveProperty('ruleIndex');
  });

  it('says all of a rule that GitHub shows', () => {
    const [rule] = runOf(smallReport()).tool.driver.rules;

    expect(rule).toMatchObject({
      id: 'sample-privileged',
      name: 'SamplePrivileged',
      shortDescription: { text: 'Nothing may run a privileged container' },
      fullDescription: { text: 'A sample says nothing about the world.' },
      defaultConfiguration: { level: 'error' },
      properties: {
        tags: ['security', 'kubernetes', 'external/attack/t1611'],
        precision: 'very-high',
        'security-severity': '9.5',
      },
    });
    expect(rule?.help.text).toContain('Remove privileged, or set it to false.');
    expect(rule?.help.markdown).toMatch(
      /\*\*Requirements:\*\* `sample privileged`\n\n\*\*ATT&amp;CK:\*\* `T1611`$/,
    );
  });

  it('relates rules to the requirements of frameworks and to techniques of ATT&CK', () => {
    const { tool, taxonomies } = runOf(smallReport());
    const related = tool.driver.rules.map(({ id, relationships = [] }) => [
      id,
      ...relationships.map(({ target }) => {
        const taxonomy = taxonomies[target.toolComponent.index];
        return `${taxonomy?.name}: ${taxonomy?.taxa[target.index]?.id}`;
      }),
    ]);

    expect(related).toEqual([
      ['sample-privileged', 'sample: privileged', 'MITRE ATT&CK: T1611'],
      ['sample-host-pid', 'sample: host-namespaces', 'MITRE ATT&CK: T1611'],
      ['sample-no-policy', 'MITRE ATT&CK: T1611'],
      ['sample-latest-tag', 'MITRE ATT&CK: T1611'],
    ]);
    expect(tool.driver.supportedTaxonomies).toEqual([
      { name: 'sample', index: 0 },
      { name: 'MITRE ATT&CK', index: 1 },
    ]);
  });

  it('says where a finding is, to the column, the object, the container and the field', () => {
    const [result] = runOf(smallReport()).results;

    expect(result).toMatchObject({
      level: 'error',
      message: { text: 'Container app of DaemonSet/agent is privileged.' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'deploy/agent.yaml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 31, startColumn: 5, endLine: 32, endColumn: 9 },
          },
          logicalLocations: [
            { name: 'DaemonSet/agent', fullyQualifiedName: 'apps/v1/DaemonSet/shop/agent', kind: 'resource' },
            { name: 'app', fullyQualifiedName: 'apps/v1/DaemonSet/shop/agent/app', kind: 'container' },
            { name: 'spec.template.spec.containers[app].securityContext', kind: 'property' },
          ],
        },
      ],
      partialFingerprints: {
        'bulwarkFingerprint/v1': expect.stringMatching(/^[0-9a-f]{32}$/),
        'bulwarkFingerprint/v2': smallReport().findings[0]?.fingerprint,
      },
    });
  });

  it('leaves the end of a region out where a template puts it before the start', () => {
    const region = { line: 9, column: 3, endLine: 4, endColumn: 1 };
    const [result] = runOf(sampleReport([{ ...inFile('a.yaml'), region }])).results;

    expect(result?.locations[0].physicalLocation).toMatchObject({ region: { startLine: 9, startColumn: 3 } });
    expect(result?.locations[0].physicalLocation).not.toHaveProperty('region.endLine');
  });

  it.each([
    { file: 'deploy/web.yaml', uri: 'deploy/web.yaml' },
    { file: './deploy/web.yaml', uri: 'deploy/web.yaml' },
    { file: 'a b/ü%#?.yaml', uri: 'a%20b/%C3%BC%25%23%3F.yaml' },
    { file: 'c:/d.yaml', uri: 'c%3A/d.yaml' },
    { file: '../web.yaml', uri: '../web.yaml' },
    { file: '\ud800.yaml', uri: '%EF%BF%BD.yaml' },
  ])('names the file $file as $uri', ({ file, uri }) => {
    const [result] = runOf(sampleReport([inFile(file)])).results;

    expect(result?.locations[0].physicalLocation?.artifactLocation).toEqual({ uri, uriBaseId: '%SRCROOT%' });
  });

  it('keeps a file absolute that is not below the folder of the scan', () => {
    const [result] = runOf(sampleReport([inFile('/srv/a b.yaml')])).results;

    expect(result?.locations[0].physicalLocation?.artifactLocation).toEqual({
      uri: 'file:///srv/a%20b.yaml',
    });
  });

  it('leaves out what is accepted and counts it, because GitHub would keep it open', () => {
    const { results, properties } = runOf(decidedReport());

    expect(results).toHaveLength(6);
    expect(results.map(({ suppressions }) => suppressions)).toEqual([
      [expect.objectContaining({ status: 'underReview' })],
      ...Array.from({ length: 5 }, () => []),
    ]);
    expect(properties).toMatchObject({ accepted: 1 });
  });

  it('keeps the worst of more results than GitHub takes, and says how many there are', () => {
    const report = bigReport(25_001);
    const { results, invocations, tool } = runOf(report);
    const sentence =
      'Only the worst 25000 of 25001 results are in it, as GitHub refuses a report with more; --all writes them all.';

    expect(results).toHaveLength(25_000);
    expect(results.at(-1)?.ruleId).toBe(report.findings[24_999]?.control);
    expect(tool.driver.notifications).toMatchObject([{ id: 'results-left-out' }]);
    expect(invocations[0]?.toolExecutionNotifications).toEqual([
      { descriptor: { id: 'results-left-out', index: 0 }, level: 'warning', message: { text: sentence } },
    ]);
    expect(sarif.cut?.(report, OPTIONS)).toBe(sentence);
  });

  it.each([
    { when: 'all are asked for', count: 25_001, showAll: true },
    { when: 'there are as many as GitHub takes', count: 25_000, showAll: false },
  ])('keeps every result when $when', ({ count, showAll }) => {
    const report = bigReport(count);
    const { results, invocations } = runOf(report, showAll);

    expect(results).toHaveLength(count);
    expect(invocations[0]?.toolExecutionNotifications).toEqual([]);
    expect(sarif.cut?.(report, { ...OPTIONS, showAll })).toBeUndefined();
  });

  it('suppresses, where all is asked for, what is excepted, says that a request is under review, and of the others that they are neither', () => {
    const { results } = runOf(decidedReport(), true);

    expect(results.map(({ suppressions }) => suppressions)).toEqual([
      [
        {
          kind: 'external',
          status: 'accepted',
          justification: 'The agent reads every process, see [the page] (https://example.com).',
          properties: {
            origin: 'configuration',
            source: 'bulwark.yaml:4',
            owner: 'platform',
            until: '2027-01-31',
          },
        },
      ],
      [expect.objectContaining({ status: 'underReview', justification: 'We need it.' })],
      ...Array.from({ length: 5 }, () => []),
    ]);
  });

  it('says nothing of suppressions where nothing was decided', () => {
    for (const result of runOf(smallReport()).results) expect(result).not.toHaveProperty('suppressions');
  });

  it('notifies of what was lost as an error and of what was noted as a note', () => {
    const [invocation] = runOf(smallReport()).invocations;

    expect(invocation?.toolExecutionNotifications).toMatchObject([
      {
        descriptor: { id: 'invalid-yaml', index: 2 },
        level: 'error',
        message: { text: 'A mapping value is not allowed here.' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'deploy/broken.yaml' },
              region: { startLine: 3, startColumn: 7 },
            },
          },
        ],
      },
      { descriptor: { id: 'control-error', index: 0 }, level: 'error' },
      { descriptor: { id: 'not-kubernetes', index: 3 }, level: 'note' },
      { descriptor: { id: 'ignored-files', index: 1 }, level: 'note' },
    ]);
  });

  it('lets no name become a link in a message', () => {
    const [result] = runOf(sampleReport([inFile('a.yaml', 'See [here](https://evil.example).')])).results;

    expect(result).toMatchObject({ message: { text: 'See [here] (https://evil.example).' } });
  });
});
