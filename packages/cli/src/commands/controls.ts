import { type Control, SEVERITIES } from '@bulwark/core';
import { jsonText, visibleLine } from '@bulwark/formats';
import { controlData } from '../catalogue.ts';
import { configurationToShow } from '../config/find.ts';
import { ExitCode } from '../exit.ts';
import type { CatalogueFlags } from '../flags.ts';
import type { Io } from '../io.ts';

/** `bulwark controls`: the catalogue as the configuration has it, the team's own controls included. */
export async function runControls({ format, config }: CatalogueFlags, io: Io): Promise<number> {
  const { controls, enabled } = await configurationToShow(config, io);
  if (format === 'json') {
    io.write(
      `${jsonText(
        controls.map((control) => controlData(control, enabled.get(control.id))),
        2,
      )}\n`,
    );
    return ExitCode.ok;
  }
  const runs = ({ id, profile }: Control): string => {
    const isEnabled = enabled.get(id);
    return isEnabled === undefined ? profile : isEnabled ? 'on' : 'off';
  };
  const idWidth = Math.max(...controls.map((control) => control.id.length));
  for (const severity of SEVERITIES)
    for (const control of controls.filter((candidate) => candidate.severity === severity))
      io.write(
        `${visibleLine(`${control.id.padEnd(idWidth)}  ${severity.padEnd(8)}  ${runs(control).padEnd(7)}  ${control.title}`)}\n`,
      );
  const own = controls.filter(({ basedOn }) => basedOn !== undefined).length;
  const ofThem = own === 0 ? '' : `, ${own} of your own`;
  io.write(`\n${controls.length} controls${ofThem}. bulwark explain ID says what each is about.\n`);
  return ExitCode.ok;
}
