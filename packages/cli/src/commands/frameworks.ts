import { FRAMEWORKS } from '@bulwark/controls';
import type { Framework } from '@bulwark/core';
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
    const decided =
      coverage.kind === 'automated' ? coverage.controls.join(', ') : `by people: ${coverage.reason}`;
    return `\n${id}  ${title}\n  ${decided}\n`;
  });
  return `${summary(framework)}Source: ${framework.source}\n${rows.join('')}`;
}
