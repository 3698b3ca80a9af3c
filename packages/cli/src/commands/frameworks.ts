import { FRAMEWORKS } from '@bulwark/controls';
import type { Framework, RequirementCoverage } from '@bulwark/core';
import { namedFramework } from '../catalogue.ts';
import { ExitCode } from '../exit.ts';
import type { CatalogueFlags } from '../flags.ts';
import type { Io } from '../io.ts';

/** `bulwark frameworks [ID]`. */
export async function runFrameworks(
  id: string | undefined,
  { format }: CatalogueFlags,
  io: Io,
): Promise<number> {
  const chosen = id === undefined ? FRAMEWORKS : [namedFramework(id)];
  if (format === 'json') io.write(`${JSON.stringify(id === undefined ? chosen : chosen[0], null, 2)}\n`);
  else for (const framework of chosen) io.write(id === undefined ? summary(framework) : details(framework));
  return ExitCode.ok;
}

function summary({ id, title, version, requirements }: Framework): string {
  const automated = requirements.filter(({ coverage }) => coverage.kind === 'automated').length;
  return `${id}: ${title}, ${version}. ${automated} of ${requirements.length} requirements are judged automatically.\n`;
}

function details(framework: Framework): string {
  const rows = framework.requirements.map(({ id, title, coverage }) => {
    return `\n${id}  ${title}\n  ${decisionOf(coverage)}\n`;
  });
  return `${summary(framework)}Source: ${framework.source}\n${rows.join('')}`;
}

function decisionOf(coverage: RequirementCoverage): string {
  if (coverage.kind === 'automated') return coverage.controls.join(', ');
  return `${coverage.kind === 'manual' ? 'by people' : 'not checked'}: ${coverage.reason}`;
}
