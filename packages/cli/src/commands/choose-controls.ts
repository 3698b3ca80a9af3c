import { CONTROL_PROFILES, type Control, type Framework, PROFILES, paramValues } from '@bulwark/core';
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
 * @throws UsageError when a name is unknown, a named control lacks a parameter, or nothing is left.
 */
export function chooseControls(
  choice: Choice,
  configuration: Configuration,
  answered: readonly Framework[],
): Control[] {
  const { controls } = configuration;
  const excluded = idsOf(choice.exclude, controls);
  const asked = idsOf(choice.control, controls, runnableControls);
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

/** Ids of the controls that names mean. */
export function idsOf(
  names: readonly string[] | undefined,
  controls: readonly Control[],
  choose = namedControls,
): ReadonlySet<string> {
  return new Set((names ?? []).flatMap((name) => choose(name, controls).map((control) => control.id)));
}

/** The controls that a name means and that can run: one that judges nothing must not look as if all were well. */
function runnableControls(name: string, controls: readonly Control[]): readonly Control[] {
  const named = namedControls(name, controls);
  const runnable = named.filter((control) => paramValues(control).fault === undefined);
  const [first] = named;
  const fault = first && paramValues(first).fault;
  if (runnable.length > 0 || first === undefined || fault === undefined) return runnable;
  throw new UsageError(
    `${first.id} judges nothing as long as its parameter ${fault.param} ${fault.reason}; bulwark.yaml sets it, under controls.${first.id}.params`,
  );
}
