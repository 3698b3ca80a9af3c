import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationJsonSchema, hubJsonSchema, openApi, scanReportJsonSchema } from '@bulwark/api';
import { buildProgram, flagOf, HUB_SETTINGS, SETTING_NAMES, settingOf, variableOf } from '@bulwark/cli';
import { CONTROLS, FRAMEWORKS, PLANNED } from '@bulwark/controls';
import {
  APP_ERRORS,
  COVERAGE,
  type Control,
  canonicalJson,
  type Framework,
  requirementsOf,
  SEVERITIES,
} from '@bulwark/core';
import { rbacManifests, UNWATCHED_KINDS, WATCHED_KINDS } from '@bulwark/kube';
import { pictureOf } from './picture.ts';

const FOLDER = join('docs', 'generated');
const NOTE = '<!-- Written by `npm run generate`; changes here are lost. -->\n\n';
const controls: readonly Control[] = CONTROLS;

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

function versions({ kubernetes }: Control): string {
  const { from, to } = kubernetes ?? {};
  if (from === undefined && to === undefined) return 'all versions';
  return [from === undefined ? '' : `from 1.${from}`, to === undefined ? '' : `up to 1.${to}`]
    .filter((part) => part !== '')
    .join(' ');
}

function controlSection(control: Control): string {
  const facts = [
    `**${control.severity}**`,
    `profile ${control.profile}`,
    `Kubernetes: ${versions(control)}`,
    `looks at the ${control.looks}`,
    `since ${control.since}`,
  ];
  const list = (title: string, items: readonly string[]): string =>
    items.length === 0 ? '' : `${title}: ${items.join(', ')}\n\n`;
  return [
    `## ${control.id}\n\n${control.title}.\n\n${facts.join(', ')}.\n\n`,
    `${control.rationale}\n\n**What to change.** ${control.remediation}\n\n`,
    control.fix === undefined
      ? ''
      : `**\`bulwark fix\`** makes the edit (${control.fix.grade}): ${control.fix.why}\n\n`,
    paramsTable(control),
    list('Frameworks', requirementsOf(control.id, FRAMEWORKS)),
    list('ATT&CK', control.attack),
    list(
      'Elsewhere',
      control.aliases.map((alias) => `\`${alias}\``),
    ),
    list(
      'References',
      control.references.map((reference) => `<${reference}>`),
    ),
  ].join('');
}

function paramsTable({ params = {} }: Control): string {
  const rows = Object.entries(params).map(([name, param]) => [
    `\`${name}\``,
    param.type,
    param.default === undefined ? 'has to be set' : `\`${canonicalJson(param.default)}\``,
    param.description,
  ]);
  return rows.length === 0 ? '' : `${table(['parameter', 'type', 'default', 'meaning'], rows)}\n`;
}

function plannedPage(): string {
  const rows = PLANNED.map(({ id, finds, waitsFor }) => [id, finds, waitsFor]);
  return `${NOTE}# Planned controls\n\nWhat objects alone cannot decide yet, and what each check waits for.\n\n${table(['control', 'finds', 'waits for'], rows)}`;
}

function controlsPage(): string {
  const sorted = SEVERITIES.flatMap((severity) =>
    controls.filter((control) => control.severity === severity),
  );
  const rows = sorted.map((control) => [
    `[${control.id}](#${control.id})`,
    control.severity,
    control.profile,
    control.title,
  ]);
  const sections = [...controls].sort((a, b) => (a.id < b.id ? -1 : 1)).map(controlSection);
  return `${NOTE}# Controls\n\n${controls.length} controls.\n\n${table(['control', 'severity', 'profile', 'title'], rows)}\n${sections.join('')}`;
}

function frameworksPage(): string {
  const sections = FRAMEWORKS.map((framework: Framework) => {
    const rows = framework.requirements.map(({ id, title, coverage }) => [
      id,
      title,
      coverage.kind === 'automated'
        ? coverage.controls.map((control) => `[${control}](controls.md#${control})`).join(', ')
        : `${coverage.kind === 'manual' ? 'by people' : 'not checked'}: ${coverage.reason}`,
    ]);
    const head = `## ${framework.id}\n\n${framework.title}, ${framework.version}. Source: <${framework.source}>\n\n`;
    return `${head}${table(['requirement', 'title', 'decided by'], rows)}\n`;
  });
  return `${NOTE}# Frameworks\n\n${sections.join('')}`;
}

function cliPage(): string {
  const program = buildProgram('0.0.0', () => undefined);
  return `${NOTE}# Command line\n\n${program.commands.flatMap((command) => helpOf(command, 'bulwark')).join('')}`;
}

type Command = ReturnType<typeof buildProgram>;

/** The help of a command and of all below it. */
function helpOf(command: Command, around: string): string[] {
  const fence = '```';
  command.configureHelp({ helpWidth: 100 });
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  const name = `${around} ${command.name()}`;
  return [
    `## ${name}\n\n${fence}text\n${help.trimEnd()}\n${fence}\n\n`,
    ...command.commands.flatMap((inner) => helpOf(inner, name)),
  ];
}

function hubSettingsPage(): string {
  const rows = SETTING_NAMES.map((name) => {
    const { about, placeholder, choices, default: value } = settingOf(name);
    const flag = placeholder === undefined ? flagOf(name) : `${flagOf(name)} ${placeholder.toUpperCase()}`;
    const ends = [
      ...(choices === undefined ? [] : [`: ${choices.join(', ')}`]),
      ...(value === undefined ? [] : [` (default: ${value})`]),
    ];
    return [`\`${flag}\``, `\`${variableOf(name)}\``, `\`${name}\``, `${about}${ends.join('')}`];
  });
  return `${NOTE}# Settings of the hub

A flag wins over a variable, and a variable over \`hub.yaml\`. In a variable several values have commas between them.

${table(['flag', 'variable', 'key', 'meaning'], rows)}`;
}

function codesPage(): string {
  const rows = Object.entries(COVERAGE).map(([code, { kind, title }]) => [`\`${code}\``, kind, title]);
  const problems = Object.entries(APP_ERRORS).map(([code, { status, title }]) => [
    `\`${code}\``,
    String(status),
    title,
  ]);
  const exits = [
    ['2', 'The command line or the configuration is wrong.'],
    ['1', 'There are findings at or above `--fail-on`.'],
    ['3', 'With `--strict`: something could not be judged.'],
    ['0', 'None of these.'],
    ['70', 'The program itself failed; please report it.'],
  ];
  return `${NOTE}# Codes\n\n## Exit codes\n\nThe first that applies.\n\n${table(['code', 'meaning'], exits)}
## Coverage codes

\`lost\`: not judged. \`note\`: judged, or never meant to be, but worth knowing. Codes are never used again for something else.

${table(['code', 'kind', 'meaning'], rows)}
## Errors of the hub

The \`code\` of an answer of type \`application/problem+json\`.

${table(['code', 'status', 'meaning'], problems)}`;
}

function watchedKindsPage(): string {
  const watched = WATCHED_KINDS.map(({ group, kind, project, why, isSecret }) => [
    group === '' ? kind : `${kind}.${group}`,
    project,
    `${why}${isSecret === true ? ' Only with `--secrets`.' : ''}`,
  ]);
  const left = Object.entries(UNWATCHED_KINDS).map(([kind, why]) => [kind, why]);
  return `${NOTE}# What the hub watches

Every kind of these that a cluster serves, and every custom kind whose definition shows a pod template.

${table(['kind', 'project', 'what it says about security'], watched)}
## Left out

${table(['kind', 'why'], left)}`;
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
const rbac = rbacManifests();

/** By path from the root. */
async function pages(): Promise<Map<string, string>> {
  const inFolder = await generatedPages();
  return new Map([
    ...[...inFolder].map(([name, text]) => [join(FOLDER, name), text] as const),
    ...Object.entries(rbac).map(([name, text]) => [join('deploy', name), text] as const),
  ]);
}

async function generatedPages(): Promise<Map<string, string>> {
  return new Map([
    ['openapi.json', `${JSON.stringify(openApi(version), null, 2)}\n`],
    ['watched-kinds.md', watchedKindsPage()],
    ['controls.md', controlsPage()],
    ['planned.md', plannedPage()],
    ['frameworks.md', frameworksPage()],
    ['cli.md', cliPage()],
    ['hub-settings.md', hubSettingsPage()],
    ['codes.md', codesPage()],
    ['scan.svg', await pictureOf(['scan', 'examples/'])],
    ['configuration-v1.schema.json', `${JSON.stringify(configurationJsonSchema(), null, 2)}\n`],
    ['hub-v1.schema.json', `${JSON.stringify(hubJsonSchema(HUB_SETTINGS), null, 2)}\n`],
    ['scan-v1.schema.json', `${JSON.stringify(scanReportJsonSchema(), null, 2)}\n`],
  ]);
}

/** What is not as it would be written now, and what nobody writes any more. */
function differences(wanted: ReadonlyMap<string, string>): string[] {
  const stale = [...wanted].filter(
    ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
  );
  return [...stale.map(([path]) => path), ...leftOver(wanted)];
}

function leftOver(wanted: ReadonlyMap<string, string>): string[] {
  return readdirSync(FOLDER)
    .map((name) => join(FOLDER, name))
    .filter((path) => !wanted.has(path));
}

mkdirSync(FOLDER, { recursive: true });
const wanted = await pages();
if (process.argv.includes('--check')) {
  const wrong = differences(wanted);
  if (wrong.length > 0) {
    process.stderr.write(`Not up to date: ${wrong.join(', ')}. Run: npm run generate\n`);
    process.exitCode = 1;
  }
} else {
  for (const path of leftOver(wanted)) rmSync(path);
  for (const [path, text] of wanted) writeFileSync(path, text);
}
