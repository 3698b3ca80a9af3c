import { CONTROLS } from '@bulwark/controls';
import type { Control, Exception, ObjectExceptions, Severity } from '@bulwark/core';

/** What `bulwark.yaml` decides, checked and with every name resolved. */
export interface Configuration {
  /** The file it was read from; undefined when there is none. */
  readonly file?: string;
  readonly profile?: string;
  readonly failOn?: Severity | 'never';
  readonly minSeverity?: Severity;
  readonly kubernetesVersion?: string;
  /** Ids of frameworks that a scan answers for besides its profile. */
  readonly frameworks: readonly string[];
  /** Patterns of a .gitignore for what is not read, relative to the folder of `file`. */
  readonly ignore: readonly string[];
  /** Every control there is, as configured, the team's own ones last. */
  readonly controls: readonly Control[];
  /** Controls that run, or do not, whatever the profile says. */
  readonly enabled: ReadonlyMap<string, boolean>;
  readonly exceptions: readonly Exception[];
  readonly annotations: ObjectExceptions;
  readonly otherTools: ObjectExceptions;
}

/** What holds where there is no configuration. */
export const WITHOUT_CONFIGURATION: Configuration = {
  frameworks: [],
  ignore: [],
  controls: CONTROLS,
  enabled: new Map(),
  exceptions: [],
  annotations: 'accept',
  otherTools: 'accept',
};
