import type { HubSettings } from './hub-settings/settings.ts';

/** Options of every command that has a configuration. */
export interface ConfigurationFlags {
  readonly config?: string | false;
}

/** Options that decide what is read, and for which version of Kubernetes. */
export interface ReadFlags extends ConfigurationFlags {
  readonly kubernetesVersion?: string;
  readonly namespace?: readonly string[];
  readonly threads?: number;
  readonly maxFileSize: number;
  readonly ignore: boolean;
  readonly render: boolean;
}

/** The same, and options that decide by which controls it is judged. */
export interface InputFlags extends ReadFlags {
  readonly framework?: readonly string[];
  readonly control?: readonly string[];
  readonly exclude?: readonly string[];
  readonly profile?: string;
}

/** Options that say which cluster is read, and how. */
export interface ClusterFlags {
  readonly namespace?: readonly string[];
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly insecureSkipTlsVerify?: boolean;
}

/** Which hub is asked; the token comes by a variable alone. */
export interface AskFlags {
  readonly hub?: string;
  readonly ca?: string;
}

/** Options of `bulwark scan` as the command line gives them. */
export interface ScanFlags extends InputFlags, Omit<ClusterFlags, 'namespace'>, AskFlags {
  readonly cluster?: boolean;
  /** `pretty` when absent. */
  readonly format?: string;
  readonly output?: readonly string[];
  readonly failOn?: string;
  readonly minSeverity?: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly strict?: boolean;
  readonly all?: boolean;
  readonly verdicts?: boolean;
  readonly record?: boolean;
  readonly image?: readonly string[];
  readonly color: boolean;
  readonly quiet?: boolean;
}

/** Options of `bulwark fix`. */
export interface FixFlags extends InputFlags {
  readonly mayBreak?: boolean;
  readonly write?: boolean;
}

/** Options of `bulwark psa`, which knows by which controls. */
export interface PsaFlags extends ReadFlags {
  readonly format: string;
}

/** Options of `bulwark exceptions audit`. */
export interface JudgeFlags extends InputFlags {
  readonly format: string;
  readonly baseline?: string;
}

/** Options of the commands that print the catalogue. */
export interface CatalogueFlags extends ConfigurationFlags {
  readonly format: string;
  readonly color: boolean;
}

/** Options of `bulwark init`. */
export interface InitFlags {
  readonly force?: boolean;
}

/** Options of `bulwark hub` and what is below it; its configuration is `hub.yaml`. */
export interface HubFlags extends ConfigurationFlags, HubSettings {}

/** Options of `bulwark hub backup`. */
export interface BackupFlags extends HubFlags {
  readonly force?: true;
}

/** What somebody may see, by name. */
export interface LimitFlags {
  readonly cluster?: readonly string[];
  readonly namespace?: readonly string[];
}

/** Options of `bulwark hub user create`. */
export interface UserFlags extends HubFlags, LimitFlags {
  readonly role: string;
}

/** Options of `bulwark hub token create`. */
export interface TokenFlags extends UserFlags {
  readonly days: number;
}

/** Options of the commands that ask a hub for a list. */
export interface ListFlags extends AskFlags {
  readonly format?: string;
  readonly sort?: string;
  readonly limit?: number;
  readonly all?: boolean;
  readonly by?: string;
  readonly mine?: boolean;
  readonly cluster?: string;
  readonly asOf?: string;
  readonly since?: string;
  readonly failOn?: string;
  readonly strict?: boolean;
  readonly color: boolean;
}

/** Options of `bulwark compliance`. */
export interface ComplianceFlags extends ListFlags {
  readonly report?: string;
  readonly output?: string;
}

/** Options of `bulwark workload` and `bulwark finding`. */
export interface OneFlags extends AskFlags {
  readonly format?: string;
  readonly cluster?: string;
  readonly asOf?: string;
  readonly color: boolean;
}

/** Options of `bulwark triage`. */
export interface TriageFlags extends AskFlags {
  /** `nobody` takes the findings from whom they are assigned to. */
  readonly assign?: string;
  readonly acknowledge?: boolean;
  /** `never` takes back that they are put off. */
  readonly deferUntil?: string;
  readonly comment?: string;
  readonly yes?: boolean;
}

/** Options of `bulwark exceptions add`. */
export interface ExceptFlags extends AskFlags {
  readonly reason: string;
  readonly owner?: string;
  readonly until?: string;
  readonly yes?: boolean;
}

/** Options of `bulwark exceptions refuse`. */
export interface RefuseFlags extends AskFlags {
  readonly reason?: string;
}
