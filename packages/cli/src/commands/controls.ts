import { CONTROLS } from '@bulwark/controls';
import { type Control, SEVERITIES } from '@bulwark/core';
import { controlData } from '../catalogue.ts';
import { ExitCode } from '../exit.ts';
import type { CatalogueFlags } from '../flags.ts';
import type { Io } from '../io.ts';

/** `bulwark controls`. */
export async function runControls({ format }: CatalogueFlags, io: Io): Promise<number> {
  const controls: readonly Control[] = CONTROLS;
  if (format === 'json') {
    io.write(`${JSON.stringify(controls.map(controlData), null, 2)}\n`);
    return ExitCode.ok;
  }
  const idWidth = Math.max(...controls.map((control) => control.id.length));
  for (const severity of SEVERITIES)
    for (const control of controls.filter((candidate) => candidate.severity === severity))
      io.write(
        `${control.id.padEnd(idWidth)}  ${severity.padEnd(8)}  ${control.profile.padEnd(7)}  ${control.title}\n`,
      );
  io.write(`\n${controls.length} controls. bulwark explain ID says what each is about.\n`);
  return ExitCode.ok;
}
