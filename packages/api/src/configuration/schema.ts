import { PROFILES, SEVERITIES, seenText } from '@bulwark/core';
import { z } from 'zod';
import { type SchemaFault, schemaFaults } from './faults.ts';

/** Where the JSON Schema of the configuration is published. */
export const CONFIGURATION_SCHEMA_URL = 'https://bulwark.dev/schemas/configuration-v1.json';

const severity = z.enum(SEVERITIES);
const texts = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .describe('A text, or several; * stands for any characters.');
const day = z.iso
  .date({ error: 'must be a day that exists, as YYYY-MM-DD' })
  .describe('A day, as YYYY-MM-DD.');

const scope = {
  namespace: texts.optional().describe('Namespaces.'),
  kind: texts
    .optional()
    .describe(
      'Kinds of every API group, or with theirs: Cluster.cluster.x-k8s.io, Service. for the core one.',
    ),
  name: texts.optional().describe('Names of objects.'),
  labels: z
    .record(z.string(), z.string())
    .optional()
    .describe('Labels of the object or of its pods; all have to be there.'),
  path: texts.optional().describe('Files, as reports name them.'),
};

/** An empty one would be everywhere, and `not` then switch a control off. */
const somewhere = z
  .strictObject(scope)
  .refine((parts) => Object.keys(parts).length > 0, { error: 'must say where' })
  .meta({ minProperties: 1 });

const controlSettings = z
  .strictObject({
    enabled: z.boolean().optional().describe('Whether it runs, whatever the profile says.'),
    severity: severity.optional().describe('How bad its findings are here.'),
    params: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Its parameters; bulwark explain CONTROL lists them.'),
    only: somewhere.optional().describe('Where it is wanted.'),
    not: somewhere.optional().describe('Where it is not wanted.'),
  })
  .describe('What is different for a control.');

const ownControl = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be a slug: lower-case letters, digits and single hyphens')
      .describe('Its id, a slug that no other control has.'),
    control: z.string().describe('The built-in control that it is made from.'),
    title: z.string().min(1).optional().describe('What it demands, in one line.'),
    message: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The text of a finding; {resource}, {container} and what the built-in one has in braces are filled in.',
      ),
    problem: z.string().min(1).optional().describe('What the objects do, in the plural: lack a team label.'),
    rationale: z.string().min(1).optional().describe('Why it matters.'),
    remediation: z.string().min(1).optional().describe('What to change.'),
    ...controlSettings.omit({ enabled: true }).shape,
  })
  .describe('A control of your own: a built-in one with parameters, under your id and text.');

const exception = z
  .strictObject({
    control: texts.optional().describe('Ids or aliases of controls; all when absent.'),
    ...scope,
    namespace: texts
      .optional()
      .describe('Namespaces; * is any of them. What lies in no namespace is covered where this is absent.'),
    container: texts.optional().describe('Names of containers.'),
    image: texts.optional().describe('Image references as written.'),
    reason: z.string().overwrite(seenText).min(1).describe('Why the findings are accepted.'),
    owner: z.string().overwrite(seenText).min(1).optional().describe('Who answers for it.'),
    until: day.optional().describe('The last day on which it holds, as YYYY-MM-DD.'),
    approvedBy: z.string().min(1).optional().describe('Who agreed to it.'),
  })
  .describe('A decision to accept findings. Every part that is given has to fit.');

const objectExceptions = z.enum(['accept', 'request', 'ignore']);

/**
 * `bulwark.yaml`. Names of controls, frameworks and parameters are checked by whoever knows them, after this.
 */
export const configurationSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors.'),
    version: z.literal(1).optional().describe('The version of this format.'),
    profile: z.enum(PROFILES).optional().describe('Which controls run: default, strict or all.'),
    failOn: z
      .enum([...SEVERITIES.slice(0, 4), 'never'])
      .optional()
      .describe('From which severity on a scan fails.'),
    minSeverity: severity.optional().describe('From which severity on findings are reported.'),
    kubernetesVersion: z
      .string({ error: 'must be a text in quotes, such as "1.30", which YAML reads as 1.3 without them' })
      .optional()
      .describe('The version of Kubernetes to judge for, in quotes, such as "1.34".'),
    frameworks: z.array(z.string()).optional().describe('Frameworks to answer for, besides the profile.'),
    ignore: z.array(z.string().min(1)).optional().describe('Paths that are not read, as in a .gitignore.'),
    controls: z
      .record(z.string(), z.union([z.literal('off'), z.literal(false), severity, controlSettings]))
      .optional()
      .describe('What is different for controls, by id: off, a severity, or settings.'),
    custom: z.array(ownControl).optional().describe('Controls of your own.'),
    exceptions: z
      .strictObject({
        annotations: objectExceptions
          .optional()
          .describe('bulwark.dev/except annotations in objects: accept, show as requests, or ignore.'),
        otherTools: objectExceptions
          .optional()
          .describe('Ignore annotations and comments of kube-linter, checkov, trivy, polaris, kube-score.'),
        accepted: z.array(exception).optional().describe('Exceptions.'),
      })
      .optional()
      .describe('What is accepted.'),
  })
  .describe('Configuration of Bulwark, bulwark.yaml.');

/** A configuration that `configurationSchema` accepts. */
export type ConfigurationDocument = z.infer<typeof configurationSchema>;

/** The same as JSON Schema, draft 2020-12, for editors. */
export function configurationJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(configurationSchema, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: CONFIGURATION_SCHEMA_URL, title: 'Bulwark configuration, version 1', ...rest };
}

/** Every fault of a `bulwark.yaml` at once. Empty when the schema accepts it. */
export function configurationFaults(value: unknown): SchemaFault[] {
  return schemaFaults({ schema: configurationSchema, published: configurationJsonSchema() }, value);
}
