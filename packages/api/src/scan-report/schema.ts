import {
  CONTROL_PROFILES,
  COVERAGE,
  type CoverageCode,
  REQUIREMENT_STATES,
  SEVERITIES,
  VERDICTS,
} from '@bulwark/core';
import { z } from 'zod';

/** Where the JSON Schema of version 1 of the scan report is published. */
export const SCAN_REPORT_SCHEMA_URL = 'https://bulwark.dev/schemas/scan-v1.json';

const COVERAGE_CODES = Object.keys(COVERAGE) as CoverageCode[];

const count = z.int().nonnegative();
const position = z.int().positive();
const severity = z.enum(SEVERITIES);
const verdict = z.enum(VERDICTS);
const state = z.enum(REQUIREMENT_STATES);

const resource = z
  .strictObject({
    apiVersion: z.string().describe('API group and version as written, such as apps/v1.'),
    kind: z.string().describe('Kind as written, such as Deployment.'),
    namespace: z.string().describe('Namespace; empty for a kind that belongs to none.'),
    name: z.string().describe('Name; one that the server completes ends with an asterisk.'),
  })
  .describe('The object that has to change: the top owner of what was judged.');

const verdictCounts = z
  .strictObject({
    pass: count.describe('Judged, and nothing is wrong.'),
    fail: count.describe('Judged, and something is wrong.'),
    manual: count.describe('Only people can decide it.'),
    'not-applicable': count.describe('The control has nothing to say about it.'),
    'not-checked': count.describe('It could not be judged; never a pass.'),
    error: count.describe('The control failed; never a pass.'),
  })
  .describe('How many verdicts of each kind were given.');

const requirementCounts = verdictCounts
  .extend({
    excepted: count.describe(
      'Judged, and all that is wrong is accepted by exceptions; neither fail nor pass.',
    ),
  })
  .describe('How many outcomes of each kind led to the verdict.');

const exception = z
  .strictObject({
    reason: z.string().min(1).describe('Why the finding is accepted.'),
    owner: z.string().optional().describe('Who answers for it.'),
    until: z.iso.date().optional().describe('The last day on which it holds.'),
    approvedBy: z.string().optional().describe('Who agreed to it.'),
    origin: z
      .string()
      .regex(/^(configuration|annotation|baseline|tool:[a-z-]+)$/)
      .describe('What kind of writing it is; tool:NAME for what was written for another tool.'),
    source: z.string().describe('Where it is written, as file and line or as the id of a stored one.'),
  })
  .describe('A decision about findings.');

const control = z
  .strictObject({
    title: z.string().describe('What the control demands, in one line.'),
    severity: severity.describe('How bad its findings are.'),
    profile: z.enum(CONTROL_PROFILES).describe('The narrowest profile that includes it, or opt-in.'),
    aliases: z.array(z.string()).describe("Former ids, and other tools' ids for the same check as tool:ID."),
    remediation: z.string().describe('What to change.'),
    attack: z.array(z.string()).describe('MITRE ATT&CK technique ids.'),
    frameworks: z
      .array(z.string())
      .describe(
        'The requirements it helps to decide, as framework/requirement, of every framework there is.',
      ),
  })
  .describe('A control that ran.');

const finding = z
  .strictObject({
    fingerprint: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .describe('Names the finding over runs, files and clusters: 128 bits in hexadecimal.'),
    control: z.string().describe('Id of the control; a key of controls.'),
    severity: severity.describe('How bad it is.'),
    message: z.string().describe('What is wrong, in one sentence; secrets are redacted.'),
    resource,
    workload: z.string().optional().describe('Kind/name, for an object with a pod template.'),
    container: z.string().optional().describe('Name of the container that it is about.'),
    path: z.string().describe('Path in the object, with list items by name: spec.containers[app].image.'),
    file: z.string().optional().describe('File it was read from; absent for a live object.'),
    line: position.optional().describe('First line of the violation, from 1.'),
    column: position.optional().describe('First column, from 1, in UTF-16 units.'),
    endLine: position.optional().describe('Last line, from 1.'),
    exception: exception.optional().describe('The decision that accepts it.'),
    requested: exception
      .optional()
      .describe('A decision that was asked for and is not granted; it accepts nothing.'),
    fixable: z
      .boolean()
      .describe(
        'Whether Bulwark offers the edit: bulwark fix makes it in a file, a hub shows it for a live object.',
      ),
  })
  .describe('One violation of one control.');

const rank = z
  .strictObject({
    control: z.string().describe('Id of the control; a key of controls.'),
    points: z.int().describe("How important it is, as in a hub's queue; the sum of its lines."),
    lines: z
      .array(
        z.strictObject({
          label: z.string().describe('A reason, in words.'),
          points: z.int().describe('What it counts for; less than none where it speaks against.'),
        }),
      )
      .describe('What the points are made of.'),
    why: z
      .string()
      .optional()
      .describe(
        'Why the place where it is makes it more urgent than elsewhere: who reaches the worst workload, and what that one reaches.',
      ),
    unknown: z.array(z.string()).describe('What nothing says, in sentences; it counts in neither direction.'),
  })
  .describe(
    'How important the findings of one control are, those left out that another finding says better.',
  );

const verdictRecord = z
  .strictObject({
    control: z.string().describe('Id of the control.'),
    resource: resource.describe('The object that was judged.'),
    verdict: verdict.describe('What the control says of it.'),
    reason: z.string().optional().describe('Why, when the verdict is neither pass nor fail.'),
  })
  .describe("One control's verdict on one object.");

const requirement = z
  .strictObject({
    id: z.string().describe('Id of the requirement in its framework.'),
    title: z.string().describe('What it demands.'),
    verdict: state.describe(
      'The worst of its controls; pass only when something was judged and all of it passed, excepted when all that fails is accepted.',
    ),
    counts: requirementCounts,
    controls: z.array(z.string()).describe('Ids of the controls that decide it; empty when none does.'),
    reason: z.string().optional().describe('Why no control has decided it.'),
  })
  .describe('The result of one requirement.');

const framework = z
  .strictObject({
    id: z.string().describe('Id of the framework.'),
    title: z.string().describe('Name of the framework.'),
    version: z.string().describe('Version of the framework.'),
    verdict: state.describe('The worst of its requirements.'),
    requirements: z.array(requirement).describe('Its requirements, in its own order.'),
  })
  .describe('The result of one compliance framework.');

const coverageEntry = z
  .strictObject({
    kind: z.enum(['lost', 'note']).describe('lost: not judged. note: worth knowing.'),
    code: z.enum(COVERAGE_CODES).describe('What happened, for programs; codes are never reused.'),
    file: z.string().optional().describe('The file it happened in.'),
    line: position.optional().describe('Line, from 1.'),
    column: position.optional().describe('Column, from 1, in UTF-16 units.'),
    reason: z.string().describe('What happened, for people.'),
  })
  .describe('Something that was not fully read or judged.');

const summary = z
  .strictObject({
    files: count.describe('Files that were read.'),
    documents: count.describe('Documents in them.'),
    resources: count.describe('Kubernetes objects that were judged.'),
    workloads: count.describe('Those among them that have a pod template.'),
    findings: z
      .strictObject({
        critical: count.describe('Critical findings.'),
        high: count.describe('High findings.'),
        medium: count.describe('Medium findings.'),
        low: count.describe('Low findings.'),
        info: count.describe('Informative findings.'),
      })
      .describe('How many findings there are of each severity.'),
    excepted: count.describe('How many findings an exception accepts; they are not in findings above.'),
    withheld: count.describe('How many findings --min-severity left out.'),
    verdicts: verdictCounts.optional().describe('How many verdicts of each kind; present when verdicts are.'),
    lost: count.describe('How many coverage entries are of the kind lost.'),
    notes: count.describe('How many coverage entries are of the kind note.'),
  })
  .describe('The report in figures.');

/**
 * The report that `bulwark scan --format json` prints, version 1. It refuses unknown keys, so that it describes all
 * that a report can hold. Later versions of Bulwark may add fields to version 1 of the report; a program that reads
 * reports of several versions should skip what it does not know.
 */
export const scanReportSchema = z
  .strictObject({
    schema: z.literal('bulwark.scan/v1').describe('Names this format and its version.'),
    tool: z
      .strictObject({
        name: z.literal('bulwark').describe('Name of the tool.'),
        version: z.string().describe('Version of the tool.'),
      })
      .describe('The tool that made the report.'),
    kubernetes: z.string().describe('The version of Kubernetes that was judged for, such as 1.37.'),
    inputs: z.array(z.string()).describe('What was scanned, as the user named it.'),
    controls: z.record(z.string(), control).describe('The controls that ran, by id.'),
    findings: z
      .array(finding)
      .describe(
        'All findings: worst first, then by control, file and line. Each stands in a line of its own.',
      ),
    ranks: z
      .array(rank)
      .optional()
      .describe('Root causes, those with the most points first; present with --all.'),
    verdicts: z
      .array(verdictRecord)
      .optional()
      .describe('Every verdict, passes included; present on demand.'),
    frameworks: z.array(framework).describe('Results of the frameworks that were asked for.'),
    coverage: z.array(coverageEntry).describe('What was not fully read or judged.'),
    summary,
  })
  .describe('Report of one scan.');

/** A report that `scanReportSchema` accepts. */
export type ScanReportDocument = z.infer<typeof scanReportSchema>;

/** The same as JSON Schema, draft 2020-12, for programs in other languages. */
export function scanReportJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(scanReportSchema, { target: 'draft-2020-12' });
  return { $schema, $id: SCAN_REPORT_SCHEMA_URL, title: 'Bulwark scan report, version 1', ...rest };
}
