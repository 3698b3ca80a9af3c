import { CONFIGURATION_SCHEMA_URL, configurationJsonSchema } from '@bulwark/api';
import { NEWEST_MINOR } from '@bulwark/core';

/** Keys of the configuration that a template sets; everything else in it is commented out. */
const ACTIVE: ReadonlySet<string> = new Set(['version', 'profile', 'failOn']);
/** How long the example of an exception holds. */
const EXCEPTION_DAYS = 90;
const DAY = 86_400_000;
/** Where explanations behind a key start, and how long such a line may be before its indent. */
const EXPLANATION_COLUMN = 36;
const MOST_COLUMNS = 106;
/** Texts that need no quotes: words, and days. */
const PLAIN = /^(?:[A-Za-z][\w ./@-]*[\w.-]|\d{4}-\d{2}-\d{2})$/;
const HEAD = [
  '# Configuration of Bulwark. What is commented out shows what can be set: remove the # right before it, and',
  '# before the lines above that it belongs to. bulwark controls lists the controls, and bulwark explain CONTROL',
  '# says what one takes.',
  `# yaml-language-server: $schema=${CONFIGURATION_SCHEMA_URL}`,
];

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };
type Mapping = { readonly [key: string]: Value };

/** The part of the published schema that a template needs. */
interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node | false;
  readonly anyOf?: readonly Node[];
}

/** A value for every key there is. Tests demand that none is missing and that the whole is a valid configuration. */
function example(today: string): Mapping {
  const until = new Date(Date.parse(today) + EXCEPTION_DAYS * DAY).toISOString().slice(0, 10);
  const scope = {
    namespace: ['payments', 'team-*'],
    kind: 'Deployment',
    name: 'web-*',
    labels: { tier: 'edge' },
    path: 'deploy/**',
  };
  return {
    $schema: CONFIGURATION_SCHEMA_URL,
    version: 1,
    profile: 'default',
    failOn: 'high',
    minSeverity: 'low',
    kubernetesVersion: `1.${NEWEST_MINOR}`,
    frameworks: ['pss-restricted'],
    ignore: ['vendor/', '*.generated.yaml'],
    controls: {
      'host-pid': 'off',
      'host-ipc': 'critical',
      'projected-token-lifetime': {
        enabled: true,
        severity: 'medium',
        params: { maximumSeconds: 3600 },
        only: scope,
        not: { ...scope, namespace: 'kube-system', kind: 'DaemonSet' },
      },
    },
    custom: [
      {
        id: 'team-label',
        control: 'required-label',
        title: 'Every workload has a team',
        message: '{resource} has no team label.',
        problem: 'lack a team label',
        rationale: 'Somebody has to be called at night.',
        remediation: 'Add the label team with the name of the team.',
        severity: 'low',
        params: { key: 'team' },
        only: { kind: ['Deployment', 'StatefulSet'] },
        not: { namespace: 'kube-system' },
      },
    ],
    exceptions: {
      annotations: 'accept',
      otherTools: 'accept',
      accepted: [
        {
          control: 'host-pid',
          namespace: 'monitoring',
          kind: 'DaemonSet',
          name: 'node-exporter',
          labels: { app: 'node-exporter' },
          path: 'deploy/monitoring/*',
          container: 'exporter',
          image: 'registry.example.com/exporter:*',
          reason: 'It reads the processes of its node.',
          owner: 'team-observability',
          until,
          approvedBy: 'security@example.com',
        },
      ],
    },
  };
}

/**
 * A configuration with every key there is: a few that say what holds anyway, the rest commented out, each with what the
 * published schema says about it. A `#` right before a key or a dash comments it out; a `# ` begins an explanation.
 *
 * @param today as YYYY-MM-DD.
 */
export function configurationTemplate(today: string): string {
  const root = configurationJsonSchema() as Node;
  const values = example(today);
  const sections = Object.entries(root.properties ?? {}).map(([key, node]) => {
    const value = values[key];
    if (value === undefined) throw new Error(`the template has no example of ${key}`);
    const lines = mappingLines({ [key]: value });
    return [
      `# ${node.description ?? ''}`,
      ...(isBlock(value) ? [`${key}:`, ...blockLines(value, node).map((line) => `  ${line}`)] : lines),
    ].map((line) => (ACTIVE.has(key) ? line : commentedOut(line)));
  });
  return `${[HEAD, ...sections].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function commentedOut(line: string): string {
  return line.replace(/^( *)(?=[^ #])/, '$1#');
}

function blockLines(value: Value, node: Node | undefined): string[] {
  if (!isList(value)) return mappingLines(value as Mapping, node);
  return value.flatMap((item) =>
    mappingLines(item as Mapping, node?.items).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`),
  );
}

function mappingLines(mapping: Mapping, node?: Node): string[] {
  return Object.entries(mapping).flatMap(([key, value]) => {
    const below = nodeAt(node, key);
    if (!isBlock(value)) return explained(`${key}: ${flow(value)}`, below);
    return [...explained(`${key}:`, below), ...blockLines(value, below).map((line) => `  ${line}`)];
  });
}

/** A line with what the schema says about it: behind it, or above where it would be too long. */
function explained(line: string, node: Node | undefined): string[] {
  if (node?.description === undefined) return [line];
  const whole = `${line.padEnd(EXPLANATION_COLUMN)} # ${node.description}`;
  return whole.length <= MOST_COLUMNS ? [whole] : [`# ${node.description}`, line];
}

/** The schema of a key, in whichever of a choice of shapes has keys. */
function nodeAt(node: Node | undefined, key: string): Node | undefined {
  const { properties, additionalProperties, anyOf = [] } = node ?? {};
  const own = properties?.[key] ?? (additionalProperties || undefined);
  return own ?? anyOf.map((branch) => nodeAt(branch, key)).find((found) => found !== undefined);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isMapping(value: Value): value is Mapping {
  return typeof value === 'object' && !isList(value);
}

/** Whether a value takes lines of its own: what has several keys, so that each of them can be explained. */
function isBlock(value: Value): boolean {
  return isList(value) ? value.some(isMapping) : isMapping(value) && Object.keys(value).length > 1;
}

function flow(value: Value): string {
  if (isList(value)) return `[${value.map(flow).join(', ')}]`;
  if (isMapping(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}: ${flow(item)}`)
      .join(', ')}}`;
  if (typeof value !== 'string') return String(value);
  return PLAIN.test(value) ? value : JSON.stringify(value);
}
