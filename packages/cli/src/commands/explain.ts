import { relative } from 'node:path';
import { CONTROLS, FRAMEWORKS } from '@bulwark/controls';
import {
  type Control,
  canonicalJson,
  type Param,
  paramValues,
  type ResourceScope,
  requirementsOf,
} from '@bulwark/core';
import { jsonText, visibleLine } from '@bulwark/formats';
import { controlData, namedControls } from '../catalogue.ts';
import type { Configuration } from '../config/configuration.ts';
import { type ConfigFlag, configurationToShow } from '../config/find.ts';
import { ExitCode } from '../exit.ts';
import type { CatalogueFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { quoteForShell } from '../shell.ts';
import { wrap } from '../wrap.ts';

const READABLE_WIDTH = 100;

/** `bulwark explain ID`. */
export async function runExplain(id: string, { format, config }: CatalogueFlags, io: Io): Promise<number> {
  const configuration = await configurationToShow(config, io);
  const controls = namedControls(id, configuration.controls);
  if (format === 'json') {
    const data = controls.map((control) => controlData(control, configuration.enabled.get(control.id)));
    io.write(`${jsonText(data, 2)}\n`);
  } else {
    const text = controls.map((control) => explanation(control, { configuration, config, io })).join('\n');
    io.write(text.split('\n').map(visibleLine).join('\n'));
  }
  return ExitCode.ok;
}

function explanation(
  control: Control,
  {
    configuration,
    config,
    io: { columns, cwd },
  }: { readonly configuration: Configuration; readonly config: ConfigFlag; readonly io: Io },
): string {
  const width = Math.min(columns === 0 ? READABLE_WIDTH : columns, READABLE_WIDTH);
  const section = (title: string, body: readonly string[]): string =>
    body.length === 0 ? '' : `\n${title}\n${body.map((line) => wrap(line, width, '  ')).join('')}`;
  return [
    wrap(`${control.id}: ${control.title}`, width, ''),
    `Severity ${control.severity}, profile ${control.profile}, since ${control.since}${versions(control)}\n`,
    section('Why it matters', [control.rationale]),
    section('What to change', [control.remediation]),
    section(
      'bulwark fix makes the edit',
      control.fix === undefined ? [] : [`${control.fix.grade}: ${control.fix.why}`],
    ),
    section('Parameters, for bulwark.yaml', Object.entries(control.params ?? {}).map(parameter)),
    section(`In ${relative(cwd, configuration.file ?? '')}`, differences(control, configuration)),
    section('Frameworks', requirementsOf(control.id, FRAMEWORKS)),
    section('ATT&CK techniques', control.attack),
    section(
      'The same check elsewhere',
      [control.aliases.join(', ')].filter((line) => line !== ''),
    ),
    section('References', control.references),
    `\n${tryIt(control, config)}\n`,
  ].join('');
}

function tryIt(control: Control, config: ConfigFlag): string {
  const { fault } = paramValues(control);
  const once = fault === undefined ? '' : `, once ${fault.param} is set in bulwark.yaml`;
  const command = ['bulwark', 'scan', '.', '--control', control.id];
  if (typeof config === 'string') command.push('--config', config);
  return `Try it${once}: ${command.map(quoteForShell).join(' ')}`;
}

/** What a configuration makes of a control. */
function differences(control: Control, { enabled }: Configuration): string[] {
  const { basedOn, severity, values = {}, scope = {} } = control;
  const base: Control | undefined = CONTROLS.find(({ id }) => id === (basedOn ?? control.id));
  const isEnabled = enabled.get(control.id);
  return [
    ...(basedOn === undefined ? [] : [`A control of your own, made from ${basedOn}.`]),
    ...(isEnabled === undefined ? [] : [isEnabled ? 'It runs in every profile.' : 'It is off.']),
    ...(base === undefined || base.severity === severity
      ? []
      : [`Severity ${severity} instead of ${base.severity}.`]),
    ...Object.entries(values).map(([name, value]) => `${name}: ${canonicalJson(value)}`),
    ...Object.entries(scope).map(
      ([name, part]) => `${name === 'only' ? 'Only' : 'Not'} where ${where(part)}.`,
    ),
  ];
}

function where({ labels = {}, ...lists }: ResourceScope): string {
  const named = Object.entries(lists).map(
    // A scope of the engine has the keys of the configuration in the plural.
    ([name, texts]) => `its ${name.slice(0, -1)} is ${texts.join(' or ')}`,
  );
  return [...named, ...Object.entries(labels).map(([key, value]) => `its label ${key} is ${value}`)].join(
    ' and ',
  );
}

function parameter([name, { type, default: value, description }]: [string, Param]): string {
  const standard = value === undefined ? 'has to be set' : `default ${canonicalJson(value)}`;
  return `${name} (${type}, ${standard}): ${description}`;
}

function versions({ kubernetes }: Control): string {
  if (kubernetes?.from !== undefined && kubernetes.to !== undefined)
    return `, Kubernetes 1.${kubernetes.from} to 1.${kubernetes.to}`;
  if (kubernetes?.from !== undefined) return `, from Kubernetes 1.${kubernetes.from} on`;
  return kubernetes?.to === undefined ? '' : `, up to Kubernetes 1.${kubernetes.to}`;
}
