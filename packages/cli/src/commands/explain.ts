import { FRAMEWORKS } from '@bulwark/controls';
import { type Control, canonicalJson, type Param, requirementsOf } from '@bulwark/core';
import { controlData, namedControls } from '../catalogue.ts';
import { ExitCode } from '../exit.ts';
import type { CatalogueFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { wrap } from '../wrap.ts';

const READABLE_WIDTH = 100;

/** `bulwark explain ID`. */
export async function runExplain(id: string, { format }: CatalogueFlags, io: Io): Promise<number> {
  const controls = namedControls(id);
  if (format === 'json') io.write(`${JSON.stringify(controls.map(controlData), null, 2)}\n`);
  else io.write(controls.map((control) => explanation(control, io)).join('\n'));
  return ExitCode.ok;
}

function explanation(control: Control, { columns }: Io): string {
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
    section('Frameworks', requirementsOf(control.id, FRAMEWORKS)),
    section('ATT&CK techniques', control.attack),
    section(
      'The same check elsewhere',
      [control.aliases.join(', ')].filter((line) => line !== ''),
    ),
    section('References', control.references),
    `\nTry it: bulwark scan . --control ${control.id}\n`,
  ].join('');
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
