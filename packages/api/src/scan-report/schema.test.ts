import { REPORT_FORMATS, type ReportOptions } from '@bulwark/formats';
import { bigReport, emptyReport, smallReport } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { SCAN_REPORT_SCHEMA_URL, scanReportJsonSchema, scanReportSchema } from './schema.ts';

const OPTIONS: ReportOptions = {
  width: 0,
  color: false,
  showAll: false,
  failOn: 'high',
  command: 'bulwark scan',
};

type Json = Record<string, unknown>;

function printed(report = smallReport()): Json {
  const format = REPORT_FORMATS.find(({ id }) => id === 'json');
  return JSON.parse([...(format?.write(report, OPTIONS) ?? [])].join('')) as Json;
}

/** A copy of a printed report with one value replaced, or with one more; the path is dotted. */
function changed(path: string, value: unknown): Json {
  const report = printed();
  const parts = path.split('.');
  let at: Json = report;
  for (const part of parts.slice(0, -1)) at = at[part] as Json;
  at[parts.at(-1) ?? ''] = value;
  return report;
}

/** Every object schema in a JSON Schema that has properties, with its path. */
function* objectSchemas(schema: unknown, path: string): Generator<{ path: string; schema: Json }> {
  if (typeof schema !== 'object' || schema === null) return;
  if ('properties' in schema) yield { path, schema: schema as Json };
  for (const [key, value] of Object.entries(schema)) yield* objectSchemas(value, `${path}/${key}`);
}

describe('the schema of the scan report', () => {
  it.each([
    { name: 'an empty report', report: emptyReport() },
    { name: 'a report with something in each part', report: smallReport() },
    { name: 'a big report', report: bigReport(2000) },
  ])('accepts what the JSON format prints: $name', ({ report }) => {
    const document = printed(report);

    expect(scanReportSchema.parse(document)).toEqual(document);
  });

  it('accepts a finding under an exception', () => {
    const exception = {
      reason: 'Node agent.',
      owner: 'platform',
      until: '2027-01-31',
      origin: 'configuration',
      source: 'bulwark.yaml:3',
    };

    expect(scanReportSchema.safeParse(changed('findings.0.exception', exception)).success).toBe(true);
  });

  it.each([
    { path: 'schema', value: 'bulwark.scan/v2' },
    { path: 'tool.name', value: 'other' },
    { path: 'findings.0.severity', value: 'terrible' },
    { path: 'findings.0.line', value: 0 },
    { path: 'findings.0.line', value: '12' },
    { path: 'findings.0.fingerprint', value: 'xyz' },
    { path: 'findings.0.file', value: null },
    { path: 'findings.0.exception', value: {} },
    { path: 'findings.0.exception', value: { reason: 'Later.', until: 'tomorrow' } },
    { path: 'findings.0.fixable', value: undefined },
    { path: 'verdicts.0.verdict', value: 'ok' },
    { path: 'frameworks.0.requirements.0.counts.pass', value: -1 },
    { path: 'coverage.0.code', value: 'no-such-code' },
    { path: 'summary.lost', value: 1.5 },
    { path: 'controls.sample-host-pid.aliases', value: 'trivy:1' },
  ])('refuses $value as $path', ({ path, value }) => {
    expect(scanReportSchema.safeParse(changed(path, value)).success).toBe(false);
  });

  it.each([
    '',
    'tool.',
    'controls.sample-host-pid.',
    'findings.0.',
    'findings.0.resource.',
    'verdicts.0.',
    'frameworks.0.',
    'frameworks.0.requirements.0.',
    'frameworks.0.requirements.0.counts.',
    'coverage.0.',
    'summary.',
    'summary.findings.',
  ])('refuses an unknown key in "%s"', (path) => {
    const result = scanReportSchema.safeParse(changed(`${path}surprise`, 1));

    expect(result.error?.issues.map(({ code }) => code)).toEqual(['unrecognized_keys']);
  });
});

describe('the JSON Schema of the scan report', () => {
  const schema = scanReportJsonSchema();

  it('names its dialect and itself', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: SCAN_REPORT_SCHEMA_URL,
      type: 'object',
    });
    expect(SCAN_REPORT_SCHEMA_URL).toBe('https://bulwark.dev/schemas/scan-v1.json');
  });

  it('describes every field and closes every object', () => {
    const objects = [...objectSchemas(schema, '#')];
    const fields = objects.flatMap(({ path, schema: { properties } }) =>
      Object.entries(properties as Record<string, Json>).map(([name, field]) => ({
        name: `${path}/${name}`,
        field,
      })),
    );

    expect(objects.filter((object) => object.schema['additionalProperties'] !== false)).toEqual([]);
    expect(fields.filter(({ field }) => !/^\S.*\.$/.test(String(field['description'])))).toEqual([]);
    expect(fields.length).toBeGreaterThan(60);
  });

  it('requires what the JSON format always prints', () => {
    expect(new Set(schema['required'] as string[])).toEqual(new Set(Object.keys(printed(emptyReport()))));
  });
});
