import { CONTROL_PROFILES, type Control, type Framework, PROFILES } from '@bulwark/core';
import { namedControls } from '../catalogue.ts';
import type { Configuration } from '../config/configuration.ts';
import { UsageError } from '../exit.ts';

/** What a command line says about which controls run. */
export interface Choice {
  readonly control?: readonly string[];
  readonly exclude?: readonly string[];
  readonly profile?: string;
  /** Frameworks that were asked for; undefined where the profile decides. */
  readonly frameworks: readonly Framework[] | undefined;
}

/** Ids of the controls that decide requirements of frameworks. */
export function controlsOf(frameworks: readonly Framework[]): string[] {
  return frameworks.flatMap(({ requirements }) =>
    requirements.flatMap(({ coverage }) => (coverage.kind === 'automated' ? coverage.controls : [])),
  );
}

/**
 * The controls of a scan. Named ones win over frameworks, frameworks over the configuration and its profile; what is
 * excluded is left out of any of them.
 *
 * @throws UsageError when a name is unknown or nothing is left.
 */
export function chooseControls(
  choice: Choice,
  configuration: Configuration,
  answered: readonly Framework[],
): Control[] {
  const { controls } = configuration;
  const ids = (names: readonly string[] = []): Set<string> =>
    new Set(names.flatMap((name) => namedControls(name, controls).map((control) => control.id)));
  const [excluded, asked] = [ids(choice.exclude), ids(choice.control)];
  const required = new Set(controlsOf(answered));
  const profile = choice.profile ?? configuration.profile ?? 'default';
  const widest = PROFILES.indexOf(profile as (typeof PROFILES)[number]);
  const isChosen = ({ id, profile: own, deprecated }: Control): boolean => {
    if (asked.size > 0) return asked.has(id);
    if (choice.frameworks !== undefined) return required.has(id);
    const isWanted = configuration.enabled.get(id);
    if (isWanted !== undefined) return isWanted;
    return required.has(id) || (CONTROL_PROFILES.indexOf(own) <= widest && deprecated === undefined);
  };
  const chosen = controls.filter((control) => isChosen(control) && !excluded.has(control.id));
  if (chosen.length === 0) throw new UsageError('no control is left to run');
  return chosen;
}
